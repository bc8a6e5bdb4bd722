using System.Diagnostics;
using Surveillance.Archive;
using Surveillance.Messages;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Archive;

public sealed class EntryTracesTests
{
    private static ActivityContext Context() => new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

    [Fact]
    public void Find_Range_GivesTheTracesThatBroughtAnyOfIt()
    {
        var traces = new EntryTraces();
        Assert.Empty(traces.Find(1, 100));
        var (a, b) = (Context(), Context());
        traces.Note(10, 19, a);
        traces.Note(20, 20, b);
        Assert.Equal([a], traces.Find(1, 19).Select(t => t.Context));
        Assert.Equal([a, b], traces.Find(19, 20).Select(t => t.Context));
        Assert.Empty(traces.Find(21, 30));
    }

    [Fact]
    public void Note_MoreThanAreKept_ForgetsTheOldest()
    {
        var traces = new EntryTraces();
        for (var i = 1; i <= EntryTraces.Kept + 5; i++)
        {
            traces.Note(i, i, Context());
        }
        Assert.Equal((EntryTraces.Kept, 6L), (traces.Find(1, long.MaxValue).Count, traces.Find(1, long.MaxValue)[0].First));
    }

    [Fact]
    public void Begin_NobodyRecords_IsNothing()
    {
        Assert.Null(EntryTraces.Begin("commit", []));
        Assert.Equal(default, EntryTraces.Current);
    }

    [Fact]
    public async Task Append_SeveralRecordedRequestsInOneCommit_GoOnUnderTheFirstAndLinkTheOthers()
    {
        var ended = new List<Activity>();
        using var source = new ActivitySource("requests of this test");
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s == source || s.Name == ArchiveMeter.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Source == source || options.Parent != default ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = activity => { lock (ended) { ended.Add(activity); } },
        };
        ActivitySource.AddActivityListener(listener);
        using var folder = new TemporaryFolder();
        var traces = new EntryTraces();
        List<Activity> requests;
        await using (var archive = new SqliteMessageArchive(folder.File("archive.db"), A.Ids, new ManualTime(), null, null, traces))
        {
            requests = [.. await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
            {
                using var request = source.StartActivity("request")!;
                await archive.AppendAsync([ArchiveItem.Of(A.Message(), default, A.Ids)], null, default);
                return request;
            })))];
            Assert.Equal(20, traces.Find(1, 20).Count);
            Assert.Equal(requests.Select(r => r.SpanId).ToHashSet(), traces.Find(1, 20).Select(t => t.Context.SpanId).ToHashSet());
        }
        var ids = requests.Select(r => r.SpanId).ToHashSet();
        List<Activity> commits;
        lock (ended)
        {
            commits = [.. ended.Where(a => a.OperationName == "archive commit" && ids.Contains(a.ParentSpanId))];
        }
        Assert.Equal(20, commits.Sum(c => 1 + c.Links.Count()));
        Assert.All(commits, c => Assert.All(c.Links, l => Assert.Contains(l.Context.SpanId, ids)));
    }
}
