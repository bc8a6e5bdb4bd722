using Microsoft.AspNetCore.Http;
using Surveillance.Accounts;
using Surveillance.Archive;
using Surveillance.Dashboard.Shared;
using Surveillance.Jobs;
using Surveillance.Messages;
using Surveillance.Rescan;
using Surveillance.Rules;

namespace Surveillance.Dashboard.Jobs;

/// <summary>Gathers what the pages of jobs show.</summary>
/// <param name="jobs">The runs.</param>
/// <param name="rescans">What rescans found.</param>
/// <param name="scheduler">The schedules.</param>
/// <param name="rules">What runs.</param>
/// <param name="messages">The archive, for people.</param>
/// <param name="ids">Makes the ids of conversations.</param>
/// <param name="frames">What people may do.</param>
/// <param name="time">The clock.</param>
public sealed class JobPageReader(
    JobReader jobs, IRescanStore rescans, JobScheduler scheduler, IRuleStatus rules, IMessageReader messages, IdMaker ids, PageFrameReader frames, TimeProvider time)
{
    private const int PageSize = 50;
    private const int LongestRule = 200;

    /// <summary>The list of jobs.</summary>
    /// <param name="context">The request.</param>
    /// <param name="after">The cursor; what is none gives the first page.</param>
    /// <param name="form">The form of a new rescan.</param>
    /// <param name="cancel">Ends the call.</param>
    public async Task<JobsModel> ListAsync(HttpContext context, string? after, RescanForm form, CancellationToken cancel)
    {
        long? before = JobsApi.TryNumber(after, out var number) ? number : null;
        var (items, next) = jobs.Read(before, PageSize);
        var canRun = (await frames.ScopesAsync(context)).Contains(Scopes.JobsRun);
        return new JobsModel(items, before, next, scheduler.Schedules, form, null, null, canRun ? (await rules.ReadAsync(cancel)).Rules : [], canRun, time.GetUtcNow());
    }

    /// <summary>The page of a job, or null when there is none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="id">The number as it stands in the address.</param>
    /// <param name="address">What else the address asks for; what cannot be read is left out.</param>
    /// <param name="cancel">Ends the call.</param>
    public async Task<JobPageModel?> FindAsync(HttpContext context, string id, JobAddress address, CancellationToken cancel)
    {
        if (!JobsApi.TryNumber(id, out var number) || jobs.Find(number) is not { } job)
        {
            return null;
        }
        var scopes = await frames.ScopesAsync(context);
        RescanChangeKind? kind = Names<RescanChangeKind>.TryParse(address.Kind, out var asked) ? asked : null;
        var rule = address.Rule is { Length: > 0 and <= LongestRule } named ? named : null;
        long? after = JobsApi.TryNumber(address.After, out var from) ? from : null;
        var changes = job.Scope is null ? [] : rescans.ReadChanges(number, kind, rule, after ?? 0, PageSize + 1);
        var failures = job.Run.Failed == 0 ? [] : rescans.ReadFailures(number, JobsApi.TryNumber(address.Failed, out var position) ? position : 0, PageSize + 1);
        var kept = scopes.Contains(Scopes.MessagesRead)
            ? await messages.FindManyAsync([.. changes.Take(PageSize).Select(c => c.Message).Concat(failures.Take(PageSize).Select(f => f.Message)).Distinct()], cancel)
            : new Dictionary<OpaqueId, ArchivedMessage>();
        return new JobPageModel(
            job, kind, rule,
            [.. changes.Take(PageSize).Select(c => new ChangeRow(c, kept.GetValueOrDefault(c.Message), ConversationOf(kept.GetValueOrDefault(c.Message))))],
            after, changes.Count > PageSize ? changes[PageSize - 1].Number : null,
            [.. failures.Take(PageSize).Select(f => new FailureRow(f, ConversationOf(kept.GetValueOrDefault(f.Message))))],
            failures.Count > PageSize ? failures[PageSize - 1].Position : null,
            job.Scope is { } scope ? await rules.FindRevisionAsync(scope.Activation, cancel) : null,
            scopes.Contains(Scopes.JobsRun), time.GetUtcNow());
    }

    private OpaqueId? ConversationOf(ArchivedMessage? message) => message is null ? null : ids.Conversation(message.Message);
}
