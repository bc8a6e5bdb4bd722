using Surveillance.Messages;
using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>The client wrote in the conversation not long before.</summary>
internal sealed class InsideServiceWindow : Condition
{
    internal static readonly Operator Definition = new(
        "insideServiceWindow",
        "Somebody from outside the firm wrote in this conversation within that time before. Not evaluated where earlier messages that could decide it are not at hand.",
        """{ "insideServiceWindow": { "within": "24h" } }""",
        """
        { "type": "object", "additionalProperties": false, "properties": { "within": { "$ref": "#/$defs/duration" } } }
        """,
        Read);

    private readonly TimeSpan _within;

    private InsideServiceWindow(SourceNode node, TimeSpan within)
        : base(node) => _within = within;

    public override string Operator => Definition.Name;

    public override string Says => $"the client wrote in this conversation within {Options.Say(_within)} before";

    internal override int Cost => 8;

    internal override TimeSpan? Reach => _within;

    internal override Outcome Evaluate(Facts facts)
    {
        var from = facts.Message.SentAt - _within;
        var conversation = facts.Conversation;
        for (var i = 0; i < conversation.Count; i++)
        {
            var earlier = conversation[i].Message;
            if (earlier.SentAt < from)
            {
                return Result(facts, false);
            }
            if (earlier.Direction == Direction.Inbound && earlier.From.Role != Role.Employee && earlier.Kind is not (MessageKind.Status or MessageKind.System))
            {
                return Result(facts, true, facts.Explaining ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(facts.Message.SentAt - earlier.SentAt).TotalMinutes:0} minutes before") : null);
            }
        }
        return conversation.IsComplete ? Result(facts, false) : Result(facts, Truth.NotEvaluated, note: "earlier messages of the conversation are not at hand");
    }

    private static InsideServiceWindow? Read(SourceNode value, SourceObject node, ConditionContext context)
    {
        if (Options.Object(value, Definition.Name, "an object such as `{ \"within\": \"24h\" }`", context, "within") is not { } fields)
        {
            return null;
        }
        return fields.Node("within") is null ? new InsideServiceWindow(node, TimeSpan.FromHours(24))
            : fields.Duration("within") is { } within ? new InsideServiceWindow(node, within) : null;
    }
}
