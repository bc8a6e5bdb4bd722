using Surveillance.Messages;
using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>The message used one of some accounts of the firm.</summary>
internal sealed class AccountIs : AttributeCondition
{
    internal static readonly Operator Definition = new(
        "account", "The message used one of these accounts of the firm: a number, mailbox or workspace as the channel writes it.",
        """{ "account": "+442079460000" }""", OneOrMore("""{ "type": "string", "minLength": 1 }"""), Read);

    private readonly HashSet<string> _keys;

    private AccountIs(SourceNode node, string[] accounts)
        : base(node, accounts) => _keys = [.. accounts.Select(PersonKey.Of)];

    public override string Operator => Definition.Name;

    private protected override string Subject => "the firm's account";

    internal override Outcome Evaluate(Facts facts) => Result(facts, facts.Message.Account is { } account && _keys.Contains(PersonKey.Of(account)));

    private static AccountIs? Read(SourceNode value, SourceObject node, ConditionContext context) =>
        new FieldReader(node, context.Diagnostics, Definition.Name).Texts(Definition.Name, required: true) is { } accounts ? new AccountIs(node, accounts) : null;
}
