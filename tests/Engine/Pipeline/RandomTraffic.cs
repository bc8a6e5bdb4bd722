using Surveillance.Messages;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Pipeline;

/// <summary>Lines that are the same for the same seed, made to touch every rule of <see cref="RigRules"/>.</summary>
internal static class RandomTraffic
{
    /// <summary>What may happen.</summary>
    internal enum Kinds
    {
        /// <summary>Everything is kept in the order in which it was sent and said.</summary>
        InOrder,
        /// <summary>Messages come late, consent is told for earlier times, and some messages are poison.</summary>
        Anything,
    }

    private static readonly string[] Clients = ["+4477009001", "+4477009002", "+4477009003", "+4477009004"];

    private static readonly string[] Outbound =
        ["hello", "a special offer for you", "another special offer", "all done", "may I call you?", "please delete this chat", "see you on Monday", "card " + PipelineTests.CardNumber];

    private static readonly string[] Inbound = ["hi", "STOP", "please delete this chat", "thanks", "my card is " + PipelineTests.CardNumber + " and 5555 5555 5555 4444", "done"];

    private static readonly ConsentState[] States = [ConsentState.Granted, ConsentState.Granted, ConsentState.Withdrawn, ConsentState.Objected, ConsentState.SoftOptIn];

    internal static IEnumerable<object> Lines(int seed, int count, Kinds kinds)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var minutes = i * 3 + 0.01 * i; // no two at one moment
            if (kinds == Kinds.Anything && random.Next(5) == 0)
            {
                minutes -= random.Next(1, 2_000);
            }
            var client = Clients[random.Next(Clients.Length)];
            if (random.Next(14) == 0)
            {
                yield return PipelineTests.ConsentLine(States[random.Next(States.Length)], minutes, client, random.Next(8) == 0 ? "service" : "marketing");
                continue;
            }
            var conversation = $"{client}/{random.Next(4)}";
            var isInbound = random.Next(3) == 0;
            var text = isInbound ? Inbound[random.Next(Inbound.Length)] : Outbound[random.Next(Outbound.Length)];
            if (kinds == Kinds.Anything && random.Next(40) == 0)
            {
                text = (random.Next(2) == 0 ? Trap.BreaksDetection : Trap.BreaksEvaluation) + " " + text;
            }
            yield return isInbound ? PipelineTests.FromClient($"m-{seed}-{i}", minutes, text, conversation, client) : PipelineTests.ToClient($"m-{seed}-{i}", minutes, text, conversation, client);
        }
    }
}
