using Surveillance.Detection.Pii;
using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>Personal data of some types was found.</summary>
internal sealed class Pii : TextCondition
{
    internal static readonly Operator Definition = new(
        "pii",
        "Personal data of one of these types or categories was found; `minConfidence`, `validated` (a checksum or numbering plan confirms it), `masked` and `solicited` (the words ask for it instead of holding it) choose which counts, `count` and `distinct` (different values) say how much is needed.",
        """{ "pii": { "types": ["payment-card", "iban"], "validated": true } }""",
        $$"""
        { "oneOf": [ { "$ref": "#/$defs/piiType" },
            { "type": "object", "additionalProperties": false, "anyOf": [ { "required": ["types"] }, { "required": ["category"] } ], "properties": {
                "types": { "oneOf": [ { "$ref": "#/$defs/piiType" }, { "type": "array", "minItems": 1, "uniqueItems": true, "items": { "$ref": "#/$defs/piiType" } } ] },
                "category": { "oneOf": [ { "$ref": "#/$defs/piiCategory" }, { "type": "array", "minItems": 1, "uniqueItems": true, "items": { "$ref": "#/$defs/piiCategory" } } ] },
                "minConfidence": { "type": "number", "minimum": 0, "maximum": 1, "description": "Default: {{Options.Say(PiiDetector.DefaultThreshold)}}, and {{Options.Say(PiiDetector.LeastKept)}} with solicited." },
                "count": { "type": "integer", "minimum": 1, "description": "How many places are needed. Default: 1." },
                "distinct": { "type": "integer", "minimum": 1, "description": "How many different values are needed. Default: 1." },
                "validated": { "type": "boolean" },
                "masked": { "type": "boolean" },
                "solicited": { "type": "boolean", "description": "Default: false." },
                "zones": { "$ref": "#/$defs/zones" } } } ] }
        """,
        Read);

    private readonly string[] _types, _said;
    private readonly bool _solicited;
    private readonly double _minConfidence;
    private readonly int _count, _distinct;
    private readonly bool? _validated, _masked;

    private Pii(SourceNode node, SearchZones zones, string[] types, string[] said, double minConfidence, int count, int distinct, bool? validated, bool? masked, bool solicited)
        : base(node, zones)
    {
        _types = types;
        _said = said;
        _solicited = solicited;
        _minConfidence = minConfidence;
        _count = count;
        _distinct = distinct;
        _validated = validated;
        _masked = masked;
    }

    public override string Operator => Definition.Name;

    public override string Says
    {
        get
        {
            var which = (_validated, _masked) switch
            {
                (true, _) => "confirmed ",
                (false, _) => "unconfirmed ",
                (_, true) => "masked ",
                (_, false) => "unmasked ",
                _ => "",
            };
            var many = _distinct > 1 ? $"at least {_distinct} different " : _count > 1 ? $"at least {_count} " : "";
            if (_solicited) { which = "requests for " + which; }
            return $"{many}{which}{Options.Join(_said, "or")} {(many.Length > 0 ? "are" : "is")} found{ZoneWords.Say(Zones)}";
        }
    }

    internal override NecessaryKey Key => NecessaryKey.OfPii(_types);

    internal override void Find(Facts facts, List<Occurrence> into)
    {
        foreach (var hit in facts.Hits.Pii)
        {
            if (hit.Confidence < _minConfidence || hit.Solicited != _solicited || (_validated is { } validated && hit.Validated != validated) || (_masked is { } masked && hit.Masked != masked) || !_types.Contains(hit.Type))
            {
                continue;
            }
            var part = PartOf(facts, hit.Part);
            if (part >= 0 && (facts.ZoneAt(part, hit.Span.Start) & Zones) != 0)
            {
                into.Add(new Occurrence(part, hit.Span));
            }
        }
    }

    private protected override (bool Enough, string? Value, string? Threshold) Judge(Facts facts, List<Occurrence> found)
    {
        if (_distinct == 1)
        {
            return (found.Count >= _count, facts.Explaining ? Options.Count(found.Count, "place") : null, facts.Explaining ? $"at least {_count}" : null);
        }
        var values = new HashSet<string>(StringComparer.Ordinal);
        foreach (var place in found)
        {
            var words = facts.Parts[place.Part].Text.Original.AsSpan(place.Span.Start, place.Span.Length);
            values.Add(string.Concat(words.ToString().Where(char.IsLetterOrDigit)).ToLowerInvariant());
        }
        return (found.Count >= _count && values.Count >= _distinct,
            facts.Explaining ? $"{values.Count} different" : null, facts.Explaining ? $"at least {_distinct} different" : null);
    }

    private static int PartOf(Facts facts, string? name)
    {
        if (name is null or "text")
        {
            return 0;
        }
        for (var i = 1; i < facts.Parts.Count; i++)
        {
            if (facts.Parts[i].Name == name)
            {
                return i;
            }
        }
        return -1;
    }

    private static Pii? Read(SourceNode value, SourceObject node, ConditionContext context)
    {
        if (value is SourceString)
        {
            return Options.SomeOf(new FieldReader(node, context.Diagnostics, Definition.Name), Definition.Name, PiiDetector.Types, context) is { } type
                ? new Pii(node, SearchZones.Authored, type, type, PiiDetector.DefaultThreshold, 1, 1, null, null, false)
                : null;
        }
        if (Options.Object(value, Definition.Name, "a type such as \"payment-card\", or an object with \"types\" or \"category\"", context, "types", "category", "minConfidence", "count", "distinct", "validated", "masked", "solicited", "zones") is not { } fields)
        {
            return null;
        }
        var category = fields.Has("category") ? Options.SomeOf(fields, "category", PiiDetector.Categories, context) : [];
        var types = fields.Has("types") || category is { Length: 0 } ? Options.SomeOf(fields, "types", PiiDetector.Types, context, required: true) : [];
        var solicited = fields.Boolean("solicited") ?? false;
        var minConfidence = fields.Probability("minConfidence") ?? (solicited ? PiiDetector.LeastKept : PiiDetector.DefaultThreshold);
        var count = fields.Integer("count", 1, int.MaxValue) ?? 1;
        var distinct = fields.Integer("distinct", 1, int.MaxValue) ?? 1;
        var validated = fields.Boolean("validated");
        var masked = fields.Boolean("masked");
        var zones = ZoneWords.Read(fields, context);
        if (types is null || category is null || zones is null) { return null; }
        string[] all = [.. types.Concat(category.SelectMany(PiiDetector.TypesOf)).Distinct(StringComparer.Ordinal)];
        return new Pii(node, zones.Value, all, [.. types, .. category.Select(c => $"{c} data")], minConfidence, count, distinct, validated, masked, solicited);
    }
}
