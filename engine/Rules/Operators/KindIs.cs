using Surveillance.Messages;
using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>The message is of one of some kinds.</summary>
internal sealed class KindIs : AttributeCondition
{
    internal static readonly Operator Definition = new(
        "kind", "The message is of one of these kinds.", """{ "kind": ["image", "document"] }""", OneOrMore(Words(Names<MessageKind>.All)), Read);

    private readonly ulong _bits;

    private KindIs(SourceNode node, MessageKind[] kinds)
        : base(node, [.. kinds.Select(Names<MessageKind>.Of)]) => _bits = AttributeMask.Bits(kinds);

    public override string Operator => Definition.Name;

    internal override AttributeMask Mask => AttributeMask.Everything with { Kinds = _bits };

    private protected override string Subject => "the kind of message";

    internal override Outcome Evaluate(Facts facts) =>
        Result(facts, (_bits >> (int)facts.Message.Kind & 1) != 0, facts.Explaining ? Names<MessageKind>.Of(facts.Message.Kind) : null);

    private static KindIs? Read(SourceNode value, SourceObject node, ConditionContext context) =>
        new FieldReader(node, context.Diagnostics, Definition.Name).Words<MessageKind>(Definition.Name, required: true) is { } kinds ? new KindIs(node, kinds) : null;
}
