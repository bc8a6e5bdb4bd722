using Surveillance.Messages;
using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>So many of the senders or recipients have some properties.</summary>
internal sealed class Participants : Condition
{
    internal static readonly Operator Definition = new(
        "participants",
        "At least so many participants of that side have one of these roles, an address at one of these domains (or below them), and stand on the list when the message was sent. "
            + "Not evaluated where roles that could decide it are not known.",
        """{ "participants": { "side": "to", "domain": ["gmail.com"], "atLeast": 1 } }""",
        $$"""
        { "type": "object", "additionalProperties": false, "required": ["side"], "properties": {
            "side": { "enum": ["from", "to", "any"] },
            "role": { "oneOf": [ {{RoleSchema()}}, { "type": "array", "minItems": 1, "uniqueItems": true, "items": {{RoleSchema()}} } ] },
            "domain": { "oneOf": [ { "type": "string", "minLength": 1 }, { "type": "array", "minItems": 1, "items": { "type": "string", "minLength": 1 } } ] },
            "list": { "type": "string", "minLength": 1, "description": "The id of a file in rules/lists, with addresses or domains." },
            "atLeast": { "type": "integer", "minimum": 1, "description": "Default: 1." } } }
        """,
        Read);

    private readonly string _side;
    private readonly Role[]? _roles;
    private readonly string[]? _domains;
    private readonly NamedList? _list;
    private readonly int _atLeast;

    private Participants(SourceNode node, string side, Role[]? roles, string[]? domains, NamedList? list, int atLeast)
        : base(node)
    {
        _side = side;
        _roles = roles;
        _domains = domains;
        _list = list;
        _atLeast = atLeast;
    }

    public override string Operator => Definition.Name;

    public override string Says
    {
        get
        {
            var who = _side switch { "from" => "the sender", "to" => _atLeast == 1 ? "a recipient" : $"at least {_atLeast} recipients", _ => _atLeast == 1 ? "somebody in it" : $"at least {_atLeast} people in it" };
            var what = new List<string>();
            if (_roles is not null) { what.Add("with the role " + Options.Join([.. _roles.Select(Names<Role>.Of)], "or")); }
            if (_domains is not null) { what.Add("with an address at " + Options.Join(_domains, "or")); }
            if (_list is not null) { what.Add("on the list " + _list.Id); }
            return $"there {(_atLeast == 1 ? "is" : "are")} {who} {Options.Join(what, "and")}".TrimEnd();
        }
    }

    public override IEnumerable<ConditionReference> References => _list is null ? [] : [new ConditionReference("list", _list.Id)];

    internal override Outcome Evaluate(Facts facts)
    {
        int sure = 0, open = 0;
        if (_side != "to")
        {
            Count(facts.Message.From);
        }
        if (_side != "from")
        {
            foreach (var recipient in facts.Message.To)
            {
                Count(recipient);
            }
        }
        var state = sure >= _atLeast ? Truth.Matched : sure + open >= _atLeast ? Truth.NotEvaluated : Truth.NotMatched;
        return facts.Explaining
            ? Result(facts, state, Options.Count(sure, "participant"), $"at least {_atLeast}", state == Truth.NotEvaluated ? "the role of a participant is not known" : null)
            : new Outcome(state);

        void Count(Participant participant)
        {
            if ((_domains is not null && !IsAt(participant.Address)) || (_list is not null && !IsOn(participant.Address, facts.Message.SentAt)))
            {
                return;
            }
            if (_roles is null || (participant.Role is { } role && _roles.Contains(role)))
            {
                sure++;
            }
            else if (participant.Role is null)
            {
                open++;
            }
        }
    }

    private static ReadOnlySpan<char> DomainOf(string address) => address.AsSpan(address.LastIndexOf('@') + 1).Trim().TrimEnd('>');

    private bool IsAt(string address)
    {
        if (!address.Contains('@', StringComparison.Ordinal))
        {
            return false;
        }
        var domain = DomainOf(address);
        foreach (var wanted in _domains!)
        {
            if (domain.EndsWith(wanted, StringComparison.OrdinalIgnoreCase) && (domain.Length == wanted.Length || domain[^(wanted.Length + 1)] == '.'))
            {
                return true;
            }
        }
        return false;
    }

    private bool IsOn(string address, DateTimeOffset at) => _list!.Contains(address, at) || (address.Contains('@', StringComparison.Ordinal) && _list.Contains(DomainOf(address).ToString(), at));

    private static Participants? Read(SourceNode value, SourceObject node, ConditionContext context)
    {
        if (Options.Object(value, Definition.Name, "an object with \"side\"", context, "side", "role", "domain", "list", "atLeast") is not { } fields)
        {
            return null;
        }
        var side = fields.OneOf("side", ["from", "to", "any"], required: true);
        var roles = fields.Words<Role>("role");
        var domains = fields.Texts("domain");
        var wrong = (fields.Node("role") is not null && roles is null) || (fields.Node("domain") is not null && domains is null) || side is null;
        NamedList? list = null;
        if (fields.TextNode("list") is { } name && !context.Lists.TryGetValue(name.Value, out list))
        {
            context.UnknownName("list", name);
            wrong = true;
        }
        var atLeast = fields.Integer("atLeast", 1, int.MaxValue) ?? 1;
        if (side == "from" && atLeast > 1)
        {
            context.Diagnostics.Error("E015", fields.Node("atLeast")!.Span, $"at least {atLeast} senders can never be found: a message has one", help: "leave `atLeast` out");
            wrong = true;
        }
        if (!wrong && side != "to" && atLeast == 1 && roles is null && domains is null && list is null && fields.Node("list") is null)
        {
            context.Diagnostics.Error("E015", value.Span, "every message has a sender, so this always holds", help: "say which: add `role`, `domain` or `list`");
            wrong = true;
        }
        return wrong ? null : new Participants(node, side!, roles, domains?.Select(d => d.TrimStart('@').ToLowerInvariant()).ToArray(), list, atLeast);
    }

    private static string RoleSchema() => $$"""{ "enum": [{{string.Join(", ", Names<Role>.All.Select(s => $"\"{s}\""))}}] }""";
}
