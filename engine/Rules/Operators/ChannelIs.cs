using Surveillance.Messages;
using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>The message was sent on one of some channels.</summary>
internal sealed class ChannelIs : AttributeCondition
{
    internal static readonly Operator Definition = new(
        "channel", "The message was sent on one of these channels.", """{ "channel": ["whatsapp", "wechat"] }""", OneOrMore(Words(Names<Channel>.All)), Read);

    private readonly ulong _bits;

    private ChannelIs(SourceNode node, Channel[] channels)
        : base(node, [.. channels.Select(Names<Channel>.Of)]) => _bits = AttributeMask.Bits(channels);

    public override string Operator => Definition.Name;

    internal override AttributeMask Mask => AttributeMask.Everything with { Channels = _bits };

    private protected override string Subject => "the channel";

    internal override Outcome Evaluate(Facts facts) =>
        Result(facts, (_bits >> (int)facts.Message.Channel & 1) != 0, facts.Explaining ? Names<Channel>.Of(facts.Message.Channel) : null);

    private static ChannelIs? Read(SourceNode value, SourceObject node, ConditionContext context) =>
        new FieldReader(node, context.Diagnostics, Definition.Name).Words<Channel>(Definition.Name, required: true) is { } channels ? new ChannelIs(node, channels) : null;
}
