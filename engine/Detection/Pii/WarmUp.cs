using Surveillance.Messages;

namespace Surveillance.Detection.Pii;

/// <summary>Reads texts before the first message comes, so that it does not wait until tables are built and code is compiled: a long one would take a fifth of a second instead of a thousandth.</summary>
/// <remarks>
/// Once a process: the packs' own texts, and long ones of few signs. Then some times more behind the scenes, since the runtime compiles hot
/// code in steps, each some calls and a tenth of a second after the one before.
/// </remarks>
internal static class WarmUp
{
    private const int MoreSteps = 4;
    private const int LongText = 4000;
    private static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(250);

    private static readonly Lazy<bool> Done = new(static () =>
    {
        string[] texts = [.. PiiTypes.All.SelectMany(t => t.Examples.Concat(t.Finds)).Concat(LongTexts)];
        ReadAll(texts);
        _ = Task.Run(async () =>
        {
            for (var step = 0; step < MoreSteps; step++)
            {
                await Task.Delay(StepTime);
                ReadAll(texts);
            }
        });
        return true;
    });

    /// <summary>Does it when nobody has yet; waits for who is at it.</summary>
    internal static void Once() => _ = Done.Value;

    private static IEnumerable<string> LongTexts =>
        from piece in (string[])["1", "1 2 3 ", "a.a", "@", "my pin is 1 ", "4111 1111 ", "1\nb2\n", "中1", ".", ":", "+1 (", "x "]
        from n in (int[])[1, 2]
        select string.Concat(Enumerable.Repeat(piece, LongText / piece.Length));

    private static void ReadAll(string[] texts)
    {
        var enabled = PiiPolicy.Everything.Enabled();
        var scan = new PiiScan();
        foreach (var text in texts)
        {
            using var message = new PreparedMessage(new CapturedMessage
            {
                Id = "", Channel = Channel.Other, Conversation = "", Direction = Direction.Inbound, Kind = MessageKind.Text, SentAt = DateTimeOffset.UnixEpoch,
                From = new Participant("+440000000000", Role.Client), To = [], Attachments = [], Text = text,
            });
            List<PiiHit>? hits = null;
            scan.Begin(message, enabled);
            PiiDetector.Find(scan, message.Text, null, ref hits);
            scan.End();
        }
    }
}
