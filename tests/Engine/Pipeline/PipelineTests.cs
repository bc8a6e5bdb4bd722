using System.Text;
using System.Text.Json;
using Surveillance.Archive;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Review;
using Surveillance.Tests;
using static Surveillance.Engine.Tests.Pipeline.PipelineRig;

namespace Surveillance.Engine.Tests.Pipeline;

/// <summary>The pipeline in one process over a folder of its own: order, consent, late arrivals.</summary>
public sealed class PipelineTests
{
    internal const string CardNumber = "4111 1111 1111 1111";

    internal static CapturedMessage ToClient(string id, double minutes, string text, string conversation = "c-1", string client = Vogel) =>
        A.Message(text, id, conversation: conversation, sentAt: A.Start.AddMinutes(minutes), to: [new Participant(client, Role.Client, null, RecipientKind.To)]);

    internal static CapturedMessage FromClient(string id, double minutes, string text, string conversation = "c-1", string client = Vogel) =>
        A.Message(text, id, conversation: conversation, sentAt: A.Start.AddMinutes(minutes), direction: Direction.Inbound, from: new Participant(client, Role.Client));

    internal static ConsentEntry ConsentLine(ConsentState state, double minutes, string client = Vogel, string purpose = "marketing") => new(client, purpose, state, A.Start.AddMinutes(minutes), Source: "test");

    private static string[] Shown(PipelineRig rig) => [.. rig.Matches().Select(m => m.ToString())];

    [Fact]
    public async Task Conversation_InOneBatch_IsJudgedInOrder()
    {
        await using var rig = await StartedAsync(RigRules.All);
        var lines = Enumerable.Range(0, 40).SelectMany(c => new object[]
        {
            FromClient($"ask-{c}", 1, "please delete this chat", "c-" + c), ToClient($"do-{c}", 2, "done", "c-" + c), ToClient($"early-{c}", 0.5, "unrelated, done", "c-" + c),
        }).ToArray();

        await rig.JudgeAsync(lines);

        Assert.Equal(Enumerable.Range(0, 40).Select(c => $"deletion on do-{c}"), Shown(rig));
        foreach (var partition in rig.Work.Stored.GroupBy(b => b.Partition))
        {
            var positions = partition.SelectMany(b => b.Judged).Where(j => !j.Again).Select(j => j.Position).ToArray();
            Assert.Equal(positions.Order(), positions);
        }
    }

    [Fact]
    public async Task Messages_InOrder_AreJudgedOnceEachAtTheirPosition()
    {
        await using var rig = await StartedAsync(RigRules.All);
        for (var i = 0; i < 30; i++)
        {
            await rig.SendAsync(ToClient($"m-{i}", i, "hello", "c-" + i % 7), FromClient($"n-{i}", i + 0.5, "hello", "c-" + i % 5));
        }
        await rig.SettleAsync();

        Assert.Equal(60, rig.Work.Stored.Sum(b => b.Judged.Count));
        Assert.All(rig.Evaluations().Values, e => Assert.Equal(e.Position, e.KnownTo));
    }

    /// <summary>Everything that <c>scan</c> says of the matches, in the terms of the store.</summary>
    private static HashSet<string> Scan(RuleBookRevision revision, IEnumerable<object> lines)
    {
        var bytes = lines.SelectMany(l => (byte[])[.. l is CapturedMessage m ? CapturedMessageJson.Write(m) : CapturedMessageJson.Write((ConsentEntry)l), (byte)'\n']).ToArray();
        using var output = new MemoryStream();
        new Scanner(revision.Revision, new ScanOptions(ScanParts.Alerts, 0, 2)).Run(new MemoryStream(bytes), output, null, default);
        var found = new HashSet<string>();
        foreach (var line in Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            foreach (var alert in json.RootElement.GetProperty("alerts").EnumerateArray())
            {
                var evidence = alert.GetProperty("evidence").EnumerateArray().Select(e =>
                    $"{e.GetProperty("start")}-{e.GetProperty("end")} {e.GetProperty("condition")} {(e.TryGetProperty("message", out var other) ? Id(other.GetString()!) : null)}");
                Assert.True(found.Add($"{alert.GetProperty("rule")} {Id(json.RootElement.GetProperty("id").GetString()!)} {string.Join(", ", evidence)}"));
            }
        }
        return found;
    }

    private static OpaqueId Id(string native) => A.Ids.Message(new NativeKey(Channel.WhatsApp, Employee, native));

    internal sealed record RuleBookRevision(Surveillance.Rules.Revision Revision);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task RandomTraffic_InOrder_MatchesAsScanDoes(int seed)
    {
        await using var rig = await StartedAsync(RigRules.All);
        rig.Trap.IsSet = false;
        var lines = RandomTraffic.Lines(seed, 600, RandomTraffic.Kinds.InOrder).ToArray();
        var random = new Random(seed);
        for (var next = 0; next < lines.Length;)
        {
            var batch = lines[next..Math.Min(lines.Length, next + random.Next(1, 60))];
            await rig.SendAsync(batch);
            next += batch.Length;
        }
        await rig.SettleAsync();

        var scanned = Scan(new(rig.Activation.Running!.Revision), lines);
        var stored = rig.Query("SELECT rule, message, evidence FROM matches WHERE standing = 0 AND late = 0", row => (Rule: row.GetString(0), Message: OpaqueId.FromBytes((byte[])row[1]), Evidence: row.GetString(2)))
            .Select(m => $"{m.Rule} {m.Message} {string.Join(", ", JsonDocument.Parse(m.Evidence).RootElement.EnumerateArray().Select(e =>
                $"{e.GetProperty("start")}-{e.GetProperty("end")} {e.GetProperty("condition")} {(e.TryGetProperty("message", out var other) ? other.GetString() : null)}"))}").ToHashSet();

        Assert.True(scanned.Count > 50);
        Assert.Equal(scanned.Order(), stored.Order());
        Assert.Equal(stored.Count, rig.Matches().Count); // nothing was judged twice with another answer
    }

    [Fact]
    public async Task OptOut_InOneConversation_CountsForLaterOffersInAnother()
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(
            ConsentLine(ConsentState.Granted, -1_000), ToClient("before", 1, "a special offer", "c-1"), FromClient("out", 2, "STOP", "c-2"), ToClient("after", 3, "a special offer", "c-1"),
            ToClient("other", 3, "a special offer", "c-3", Weber));
        Assert.Equal(["promotion on after", "promotion on other"], Shown(rig));

        await rig.RestartAsync();
        await rig.JudgeAsync(ToClient("later", 4, "a special offer", "c-4"));
        Assert.Contains("promotion on later", Shown(rig));
    }

    [Fact]
    public async Task OptOut_KeptAfterAnOfferThatWasSentAfterIt_MakesALateMatch()
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(ConsentLine(ConsentState.Granted, -1_000), ToClient("first", 1, "a special offer", "c-1"), ToClient("second", 5, "a special offer", "c-1"));

        var position = (await rig.JudgeAsync(FromClient("out", 3, "STOP", "c-2")))[0];

        Assert.Equal(["promotion on second, late"], Shown(rig));
        Assert.Equal((3, position), (rig.Evaluations()["first"].KnownTo, rig.Evaluations()["second"].KnownTo));
    }

    [Fact]
    public async Task Consent_LaterForAnEarlierTime_JudgesExactlyTheAffectedAgain()
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(
            ConsentLine(ConsentState.Granted, -1_000), ConsentLine(ConsentState.Granted, -1_000, Weber), ToClient("before", 1, "a special offer"), ToClient("after", 10, "a special offer"),
            ToClient("elsewhere", 20, "another special offer", "c-2"), ToClient("harmless", 20, "good morning"), ToClient("stranger", 20, "a special offer", "c-3", Weber));
        Assert.Empty(Shown(rig));

        var position = (await rig.JudgeAsync(ConsentLine(ConsentState.Withdrawn, 5)))[0];

        Assert.Equal(["promotion on after, late", "promotion on elsewhere, late"], Shown(rig));
        Assert.Equal(["after", "elsewhere"], rig.Evaluations().Values.Where(e => e.KnownTo != e.Position).Select(e => e.Message));
        Assert.All(rig.Evaluations().Values.Where(e => e.KnownTo != e.Position), e => Assert.Equal(position, e.KnownTo));
    }

    [Fact]
    public async Task Consent_LaterForAnEarlierTime_TakesNothingAwayButSaysNoLonger()
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(ToClient("early", 1, "a special offer"), ToClient("late", 10, "a special offer"));
        Assert.Equal(["promotion on early", "promotion on late"], Shown(rig));

        await rig.JudgeAsync(ConsentLine(ConsentState.Granted, 5));
        Assert.Equal(["promotion on early", "promotion on late, no longer"], Shown(rig));

        await rig.JudgeAsync(ConsentLine(ConsentState.Granted, 0));
        var alert = (await rig.Alerts.PageAsync(AlertFilter.Everything, AlertSort.Newest, null, 10, default))!.Items.Single();
        Assert.Equal((Standing.NoLongerRaised, AlertStatus.Open, 2), (alert.Standing, alert.Status, alert.Count));

        await rig.JudgeAsync(ConsentLine(ConsentState.Withdrawn, 0.5));
        Assert.Equal(["promotion on early", "promotion on late, no longer"], Shown(rig));
    }

    [Fact]
    public async Task Consent_ChangesMoreThanAPageOfMessages_AllAreJudgedAgain()
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync([.. Enumerable.Range(0, 1_200).Select(i => ToClient($"m-{i}", i, "a special offer", "c-" + i % 2))]);

        await rig.JudgeAsync(ConsentLine(ConsentState.Granted, -1));

        Assert.Equal(1_200, rig.Matches().Count(m => m.Standing == Standing.NoLongerRaised));
    }

    [Fact]
    public async Task Consent_SeveralInOneBatchWithMessages_AreAppliedInOrder()
    {
        await using var rig = await StartedAsync(RigRules.All);
        var held = new TaskCompletionSource();
        rig.Archive.BeforeRead = () => held.Task;
        await rig.SendAsync(
            ToClient("one", 10, "a special offer"), ConsentLine(ConsentState.Granted, 5), ToClient("two", 11, "a special offer"), ConsentLine(ConsentState.Withdrawn, 6), ToClient("three", 12, "a special offer"),
            ConsentLine(ConsentState.Granted, 7));
        held.SetResult();
        await rig.SettleAsync();

        Assert.Equal(["promotion on one, no longer", "promotion on two, late, no longer", "promotion on three, no longer"], Shown(rig));
    }

    [Fact]
    public async Task LateMessage_SentEarlier_JudgesThoseAfterItInItsWindowAgain()
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(ToClient("do", 60, "done"), ToClient("much-later", 60 * 26, "done"), ToClient("elsewhere", 60, "done", "c-2"));

        var position = (await rig.JudgeAsync(FromClient("ask", 1, "please delete this chat")))[0];

        Assert.Equal(["deletion on do, late"], Shown(rig));
        Assert.Equal(position, rig.Evaluations()["do"].KnownTo);
        Assert.All(rig.Evaluations().Values.Where(e => e.Message != "do"), e => Assert.Equal(e.Position, e.KnownTo));
    }

    [Fact]
    public async Task LateMessage_ThatExcuses_SaysNoLonger()
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(ToClient("call", 60, "may I call you?"));
        Assert.Equal(["cold-call on call"], Shown(rig));

        await rig.JudgeAsync(FromClient("invited", 30, "I have a question"));
        Assert.Equal(["cold-call on call, no longer"], Shown(rig));
    }

    [Fact]
    public async Task LateMessage_FirstOfItsConversationAfterAStart_LeavesTheOthersInView()
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(ToClient("first", 1, "hello"), FromClient("ask", 50, "please delete this chat"));
        await rig.RestartAsync();

        await rig.JudgeAsync(ToClient("late", 40, "all done"));
        await rig.JudgeAsync(ToClient("do", 60, "done"));

        Assert.Equal(["deletion on do"], Shown(rig));
    }

    [Fact]
    public async Task LateMessage_AndConsentInOneBatch_AreAppliedInOrder()
    {
        // The consent line comes before the late message. Applied after it, it would judge "do" as if the late message were not there yet.
        await using var rig = await StartedAsync(
            [.. RigRules.All, RigRules.Rule("watched", """{ "all": [ { "sequence": { "first": { "phrase": "delete this chat" }, "then": { "phrase": "offer" }, "within": "24h" } }, { "consent": { "purpose": "marketing", "state": ["withdrawn", "none"] } } ] }""",
                """{ "messages": [ { "text": "please delete this chat" }, { "text": "an offer" } ] }""")]);
        await rig.JudgeAsync(ToClient("do", 60, "here is an offer"));
        var held = new TaskCompletionSource();
        rig.Archive.BeforeRead = () => held.Task;
        await rig.SendAsync(ToClient("filler", 61, "hello"));
        await rig.SendAsync(ConsentLine(ConsentState.Withdrawn, 2), FromClient("ask", 1, "please delete this chat"));
        held.SetResult();
        await rig.SettleAsync();

        Assert.Equal(["watched on do, late"], Shown(rig));
    }

    [Fact]
    public async Task LongConversation_WholeInView_IsCompleteWhetherRememberedOrRead()
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync([.. Enumerable.Range(0, 200).Select(i => ToClient($"m-{i}", i, "hello there"))]);
        await rig.RestartAsync();
        await rig.JudgeAsync(ToClient("call", 201, "may I call you?"), ToClient("again", 202, "may I call you again?"));

        Assert.Equal(["cold-call on call"], Shown(rig)); // the second has 201 messages before it, one more than are looked at
        Assert.Equal((null, "cold-call"), (rig.Evaluations()["call"].NotEvaluated, rig.Evaluations()["again"].NotEvaluated));
    }

    [Fact]
    public async Task LateMessage_InALongConversation_SeesWhatCameBeforeItWhetherRememberedOrRead()
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync([FromClient("ask", 0, "please delete this chat"), .. Enumerable.Range(1, 250).Select(i => ToClient($"m-{i}", i, i == 1 ? "may I call you?" : "hello there"))]);

        await rig.JudgeAsync(ToClient("do", 20.5, "done"));

        Assert.Equal(["deletion on do"], Shown(rig));
        Assert.Null(rig.Evaluations()["do"].NotEvaluated);
    }

    [Fact]
    public async Task Start_MessagesBeforeAnyActivation_AreJudgedByTheFirst()
    {
        await using var rig = new PipelineRig(RigRules.All);
        rig.Open();
        await rig.SendAsync(ToClient("m", 1, "card " + CardNumber), ConsentLine(ConsentState.Granted, 0));
        await rig.StartAsync();
        await rig.SettleAsync();

        Assert.Equal(["card on m"], Shown(rig));
    }

    [Fact]
    public async Task Read_ReceivedLastHour_CountsSixtyMinutesAcrossARestart()
    {
        await using var rig = await StartedAsync(RigRules.All);
        for (var i = 0; i < 40; i++)
        {
            rig.Time.Advance(TimeSpan.FromMinutes(2));
            await rig.SendAsync(ToClient("m-" + i, i, "hello"));
        }
        await rig.SettleAsync();
        Assert.Equal(31, rig.Pipeline.Read().ReceivedLastHour);

        await rig.RestartAsync();
        Assert.Equal(31, rig.Pipeline.Read().ReceivedLastHour);
        rig.Time.Advance(TimeSpan.FromMinutes(21));
        Assert.Equal(20, rig.Pipeline.Read().ReceivedLastHour);
        await rig.JudgeAsync(ToClient("one more", 100, "hello"));
        Assert.Equal(21, rig.Pipeline.Read().ReceivedLastHour);
        rig.Time.Advance(TimeSpan.FromHours(3));
        Assert.Equal(0, rig.Pipeline.Read().ReceivedLastHour);
    }

    [Fact]
    public async Task Read_OnePartitionHasNewWork_TheOldestWaitingIsNew()
    {
        await using var rig = await StartedAsync(RigRules.All);
        foreach (var conversation in new[] { "c-1", "c-2", "c-3" })
        {
            await rig.JudgeAsync(ToClient(conversation, 1, "hello", conversation));
        }
        rig.Time.Advance(TimeSpan.FromHours(3));
        var held = new TaskCompletionSource();
        rig.Work.BeforeCommit = _ => held.Task;

        await rig.SendAsync(ToClient("new", 200, "hello"));

        await Eventually.IsTrueAsync(() => rig.Pipeline.Read().Waiting == 1, "only the new message waits");
        Assert.Equal(rig.Time.GetUtcNow(), rig.Pipeline.Read().OldestWaiting);
        held.SetResult();
        await rig.SettleAsync();
        Assert.Null(rig.Pipeline.Read().OldestWaiting);
    }
}
