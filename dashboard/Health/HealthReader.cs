using Surveillance.Archive.Search;
using Surveillance.Dashboard.Search;
using Surveillance.Health;
using Surveillance.Jobs;
using Surveillance.Pipeline;
using Surveillance.Rules;

namespace Surveillance.Dashboard.Health;

/// <summary>Reads what is known of the service.</summary>
/// <param name="pipeline">How far it is.</param>
/// <param name="quarantine">What could not be evaluated.</param>
/// <param name="rules">What runs.</param>
/// <param name="sources">What came from where.</param>
/// <param name="storage">How much room is left.</param>
/// <param name="runs">The runs of jobs.</param>
/// <param name="search">How far the search index is.</param>
/// <param name="time">The clock.</param>
public sealed class HealthReader(
    IPipelineStatus pipeline, IQuarantineReader quarantine, IRuleStatus rules, ISourceHistory sources, IStorageStatus storage, RunDesk runs, MessageSearch search, TimeProvider time)
{
    private const int Runs = 100;
    private const int Hours = 5 * 7 * 24;

    /// <summary>Reads it as it is now.</summary>
    /// <param name="cancel">Ends the call.</param>
    public async Task<HealthModel> ReadAsync(CancellationToken cancel)
    {
        var book = await rules.ReadAsync(cancel);
        var lying = await quarantine.CountByReasonAsync(cancel);
        var (jobs, index) = (runs.Read(null, Runs), ReadIndex());
        var now = time.GetUtcNow(); // after it nothing newer is read but the progress, which may be newer by an instant
        return new HealthModel
        {
            Progress = pipeline.Read(), IsRunning = pipeline.IsRunning, Stalls = pipeline.Stalls, Sources = sources.Read(now, Hours), Quarantine = lying,
            Runs = jobs, Index = index, Book = book, Storage = storage.Read(), KnowsTimeZones = TimeZoneInfo.TryFindSystemTimeZoneById("Europe/London", out _), Now = now,
        };
    }

    private IndexProgress ReadIndex()
    {
        try
        {
            return search.ReadProgress();
        }
        catch (SearchUnavailableException e)
        {
            return new IndexProgress(0, 0, 0, e.Message);
        }
    }
}
