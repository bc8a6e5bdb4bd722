using Surveillance.Messages;
using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>The message went one of some ways.</summary>
internal sealed class DirectionIs : AttributeCondition
{
    internal static readonly Operator Definition = new(
        "direction", "The message went this way, seen from the firm.", """{ "direction": "outbound" }""", OneOrMore(Words(Names<Direction>.All)), Read);

    private readonly ulong _bits;

    private DirectionIs(SourceNode node, Direction[] directions)
        : base(node, [.. directions.Select(Names<Direction>.Of)]) => _bits = AttributeMask.Bits(directions);

    public override string Operator => Definition.Name;

    internal override AttributeMask Mask => AttributeMask.Everything with { Directions = _bits };

    private protected override string Subject => "the direction";

    internal override Outcome Evaluate(Facts facts) =>
        Result(facts, (_bits >> (int)facts.Message.Direction & 1) != 0, facts.Explaining ? Names<Direction>.Of(facts.Message.Direction) : null);

    private static DirectionIs? Read(SourceNode value, SourceObject node, ConditionContext context) =>
        new FieldReader(node, context.Diagnostics, Definition.Name).Words<Direction>(Definition.Name, required: true) is { } directions ? new DirectionIs(node, directions) : null;
}
