using System.Diagnostics.Metrics;
using Surveillance.Alerting;
using Surveillance.Consent;
using Surveillance.Detection;
using Surveillance.Evaluation;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Rules;
using Surveillance.Rules.Source;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Pipeline;

public sealed class PipelineMeterTests : IDisposable
{
    private readonly Meter _meter = new("Surveillance");
    private readonly MeterListener _listener = new();
    private readonly List<(string Instrument, double Value, string Tags)> _measured = [];

    public PipelineMeterTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, _meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_measured)
        {
            _measured.Add((instrument.Name, value, string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))));
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Stored_Batch_TellsLatencyQuarantineMatchesAndAlerts()
    {
        var judged = A.Judged(3) with { ReceivedAt = A.Start, NotEvaluated = ["pitch"] };
        var again = A.JudgedAgain(2, 3) with { ReceivedAt = A.Start };
        var result = new CommitResult(1) { NewMatches = [new NewMatch("card", Severity.High, true), new NewMatch("card", Severity.High, false)] };

        new PipelineMeter(_meter).Stored(A.Batch(judged, again, A.Poison(4)), result, 0, A.Start.AddSeconds(7));

        Assert.Equal((7d, ""), _measured.Where(m => m.Instrument == "surveillance.message.latency").Select(m => (m.Value, m.Tags)).Single());
        Assert.Equal("reason=evaluation-failed", _measured.Single(m => m.Instrument == "surveillance.quarantine.messages").Tags);
        Assert.Equal("rule=pitch", _measured.Single(m => m.Instrument == "surveillance.rule.not_evaluated").Tags);
        Assert.Equal(2, _measured.Count(m => m is ("surveillance.rule.matches", 1, "rule=card")));
        Assert.Equal("rule=card severity=high", _measured.Single(m => m.Instrument == "surveillance.alerts").Tags);
    }

    [Fact]
    public void Evaluate_Timed_TellsEveryCandidateAndJudgesTheSame()
    {
        var book = RuleBook.FromFiles([new SourceFile("rules/" + RigRules.Card.Item1, RigRules.Card.Item2)], []).Book!;
        var revision = RevisionBuilder.Build(book, []);
        using var message = new PreparedMessage(A.Message("card 4111 1111 1111 1111"));
        var hits = revision.Detectors.Detect(message);
        var ledger = new ConsentLedger(A.Ids.Person).At(1);
        var timed = new List<string>();

        var plain = Evaluator.Evaluate(message, hits, 1, EmptyConversation.Instance, ledger, revision);
        var measured = Evaluator.Evaluate(message, hits, 1, EmptyConversation.Instance, ledger, revision, timed: (rule, _) => timed.Add(rule.Id));

        Assert.Equal(["card"], timed);
        Assert.Equal(plain.Matches.Select(m => m.EvidenceKey), measured.Matches.Select(m => m.EvidenceKey));
    }

    [Fact]
    public async Task Commit_MatchStoredBefore_IsNotNew()
    {
        await using var work = new Storage.SqliteWork();
        var batch = A.Batch(A.Judged(1, A.Match(1)), A.Judged(2, A.Match(2)));

        var first = await work.Store.CommitAsync(batch, default);
        var second = await work.Store.CommitAsync(batch, default);

        Assert.Equal([new NewMatch("off-channel-move", Severity.High, true), new NewMatch("off-channel-move", Severity.High, false)], first.NewMatches);
        Assert.Empty(second.NewMatches);
        Assert.Empty(default(CommitResult).NewMatches);
    }
}
