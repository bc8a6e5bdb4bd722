using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Surveillance.Rules;

/// <summary>Makes <c>docs/rule-language.md</c>: the rule language for its authors.</summary>
public static class RuleReference
{
    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The whole page, ending with a line feed.</summary>
    public static string Generate()
    {
        var schema = JsonNode.Parse(RuleSchema.Generate())!.AsObject();
        var definitions = schema["$defs"]!.AsObject();
        var page = new StringBuilder();
        page.Append(Head);
        page.Append("\n## The fields of a rule\n\n");
        AppendFields(page, schema, definitions);
        page.Append(Alert);
        AppendFields(page, schema["properties"]!["appliesTo"]!.AsObject(), definitions, "appliesTo.");
        AppendRows(page, schema["properties"]!["alert"]!.AsObject(), definitions, "alert.");
        page.Append(Conditions);
        foreach (var @operator in RuleOperators.All)
        {
            page.Append($"- [`{@operator.Name}`](#{@operator.Name.ToLowerInvariant()})\n");
        }
        foreach (var @operator in RuleOperators.All)
        {
            page.Append($"\n### {@operator.Name}\n\n{@operator.Sentence}\n\n```json\n{@operator.Example.Trim()}\n```\n");
            AppendOptions(page, JsonNode.Parse(@operator.Schema)!.AsObject(), definitions);
        }
        page.Append(Zones);
        page.Append("\n## Lexicons\n\n").Append(Lexicons).Append('\n');
        AppendFields(page, definitions["lexicon"]!.AsObject(), definitions);
        page.Append("\n## Lists\n\n").Append(Lists).Append('\n');
        AppendFields(page, definitions["list"]!.AsObject(), definitions);
        page.Append("\n## Tests\n\n").Append(Tests).Append("\nA message of a case:\n\n");
        AppendFields(page, definitions["message"]!.AsObject(), definitions);
        page.Append("\nA consent entry of a case:\n\n");
        AppendFields(page, definitions["consentEntry"]!.AsObject(), definitions);
        page.Append("\n## Findings\n\n").Append(Findings).Append("\n| Code | About |\n|---|---|\n");
        foreach (var code in RuleErrors.Codes)
        {
            page.Append($"| {code} | {RuleErrors.Title(code)} |\n");
        }
        return page.ToString();
    }

    private static void AppendOptions(StringBuilder page, JsonObject schema, JsonObject definitions)
    {
        IEnumerable<JsonNode?> branches = schema["oneOf"] is JsonArray several ? several : [schema];
        var whole = branches.OfType<JsonObject>().FirstOrDefault(b => b["properties"] is JsonObject);
        var shorter = branches.OfType<JsonObject>().Where(b => b != whole).ToArray();
        if (shorter.Length > 0)
        {
            page.Append($"\nIts value is {Either(shorter, definitions)}{(whole is null ? "" : ", or an object with options")}.\n");
        }
        if (whole is not null)
        {
            page.Append('\n');
            AppendFields(page, whole, definitions);
        }
    }

    private static void AppendFields(StringBuilder page, JsonObject schema, JsonObject definitions, string prefix = "")
    {
        page.Append("| Field | Value | |\n|---|---|---|\n");
        AppendRows(page, schema, definitions, prefix);
    }

    private static void AppendRows(StringBuilder page, JsonObject schema, JsonObject definitions, string prefix = "")
    {
        var required = schema["required"]?.AsArray().Select(r => r!.GetValue<string>()).ToHashSet() ?? [];
        foreach (var (name, value) in schema["properties"]!.AsObject())
        {
            var field = value!.AsObject();
            var said = field["description"]?.GetValue<string>() ?? (field["$ref"] is { } target ? Definition(target, definitions)["description"]?.GetValue<string>() : null) ?? "";
            if (required.Contains(name))
            {
                said = ("Required. " + said).Trim();
            }
            if (field["default"] is { } usual)
            {
                said = $"{said} Left out: {Json(usual).Trim('"')}.".Trim();
            }
            page.Append($"| `{prefix}{name}` | {Shape(field, definitions)} | {said.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }
    }

    /// <summary>What a value looks like, in words.</summary>
    private static string Shape(JsonObject schema, JsonObject definitions)
    {
        if (schema["$ref"] is { } target)
        {
            return target.GetValue<string>() switch
            {
                "#/$defs/condition" => "a condition",
                "#/$defs/conditions" => "a list of conditions",
                "#/$defs/zones" => "a list of zones",
                "#/$defs/duration" => "a duration",
                "#/$defs/piiType" => "a type of [pii-types.md](pii-types.md)",
                "#/$defs/text" => "text",
                "#/$defs/texts" => "text or a list of texts",
                "#/$defs/id" => "an id",
                "#/$defs/version" => "a whole number from 1",
                "#/$defs/day" => "a day",
                "#/$defs/time" => "a time",
                "#/$defs/cases" => "a list of cases",
                "#/$defs/participant" => "a participant",
                "#/$defs/message" => "a message",
                "#/$defs/consentEntry" => "a consent entry",
                _ => Shape(Definition(target, definitions), definitions),
            };
        }
        if (schema["enum"] is JsonArray words)
        {
            return string.Join(", ", words.Select(w => $"`{w!.GetValue<string>()}`"));
        }
        if (schema["const"] is { } only)
        {
            return $"`{Json(only).Trim('"')}`";
        }
        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray branches)
        {
            return Either(branches.OfType<JsonObject>(), definitions);
        }
        return schema["type"]?.GetValue<string>() switch
        {
            "string" => "text",
            "boolean" => "true or false",
            "integer" => "a whole number" + Bounds(schema),
            "number" => "a number" + Bounds(schema),
            "array" => "a list of " + (schema["items"] is JsonObject items ? Several(Shape(items, definitions)) : "values"),
            "object" => "an object",
            _ => "a value",
        };
    }

    private static string Either(IEnumerable<JsonObject> branches, JsonObject definitions)
    {
        var shapes = branches.Where(b => b["type"]?.ToString() != "null").Select(b => Shape(b, definitions)).ToArray();
        return shapes is [var one, var more] && more == "a list of " + Several(one) ? one + ", or a list of them" : string.Join(" or ", shapes);
    }

    private static string Several(string shape) => string.Join(" or ", shape.Split(" or ").Select(one => one switch
    {
        "text" => "texts",
        _ when one.StartsWith("an ", StringComparison.Ordinal) => one[3..] + "s",
        _ when one.StartsWith("a ", StringComparison.Ordinal) => one[2..] + "s",
        _ => one,
    }));

    private static string Bounds(JsonObject schema) => (schema["minimum"], schema["maximum"]) switch
    {
        ({ } least, { } most) => $" from {Json(least)} to {Json(most)}",
        ({ } least, null) => $" from {Json(least)}",
        (null, { } most) => $" up to {Json(most)}",
        _ => "",
    };

    private static JsonObject Definition(JsonNode target, JsonObject definitions) => definitions[target.GetValue<string>()["#/$defs/".Length..]]!.AsObject();

    private static string Json(JsonNode node)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, s_plain))
        {
            node.WriteTo(writer);
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private const string Head = """
        <!-- Made from the operators in engine/Rules; a test compares. Change them, not this page. -->
        # The rule language

        A rule is one JSON file, `rules/<family>/<id>.json`, with its tests inside. `surveillance rules check` names every mistake with its place and what to write instead, `surveillance rules test` runs the tests. An editor that knows JSON Schema completes and checks while you write: put `"$schema": "../../rules.schema.json"` into the file.

        ```json
        {
          "$schema": "../../rules.schema.json",
          "id": "off-channel-move",
          "version": 1,
          "family": "off-channel",
          "severity": "high",
          "title": "Business talk moved to a channel we do not record",
          "why": "Records must be kept of business communications: SEC Rule 17a-4(b)(4), FCA SYSC 10A.",
          "owner": "compliance",
          "appliesTo": { "direction": [ "outbound", "internal" ] },
          "when": { "lexicon": "off-channel-invitations" },
          "unless": { "phrase": "our recorded line" },
          "alert": { "groupBy": "conversation", "within": "24h" },
          "tests": {
            "firesOn": [ "ping me on my personal phone instead" ],
            "silentOn": [ "our WhatsApp channel is archived" ]
          }
        }
        ```

        A changed rule takes a new version, because an alert names the version that raised it. A rule that is no longer wanted moves to `rules/retired/`.

        """;

    private const string Alert = """

        `appliesTo` and `alert` are objects:


        """;

    private const string Conditions = """

        ## Conditions

        A condition is an object with exactly one field, which names its operator. A condition holds, does not hold, or is *not evaluated* because something it needs is missing, such as a classifier whose model is not there. A rule matches when `when` holds and `unless` does not hold. What is not evaluated is counted, and is never taken for a no.

        A duration is a whole number with s, m, h or d (`90s`, `30m`, `24h`, `7d`), or as ISO 8601 writes it (`PT30M`).


        """;

    private const string Zones = """

        ## Zones

        Conditions on words look at what the sender wrote for this message (`authored`) unless `zones` says otherwise. `quoted` is what is repeated from an earlier message, `forwarded` a message of somebody else that is passed on, `signature` the sender's contact block, `disclaimer` legal or subscription boilerplate, `subject` the subject line, `attachmentName` and `attachmentText` the names of attachments and the words read out of them, `all` all of these.

        """;

    private const string Lexicons = """
        A lexicon is a named list of phrases in `rules/lexicons/<id>.json`. A phrase is words in order. Letter case, accents, width, look-alike letters, invisible characters and signs do not count. A word of three letters or more may end in `*` for any ending (`unsubscrib*`). Phrases in Chinese or Japanese are written without blanks and match anywhere.

        ```json
        { "id": "opt-out-words", "version": 1, "title": "Ways to say stop", "phrases": [ "unsubscrib*", { "text": "sign me off", "stem": true } ] }
        ```

        """;

    private const string Lists = """
        A list is a named list of values, such as addresses or domains, in `rules/lists/<id>.json`. An entry may have the days on which it holds, so that a message of 2025 is judged by the list of 2025.

        ```json
        { "id": "captured-accounts", "version": 1, "title": "Accounts that we record", "entries": [ "desk@firm.example", { "value": "+442079460000", "from": "2025-01-01", "until": "2025-12-31" } ] }
        ```

        """;

    private const string Tests = """
        `firesOn` holds cases in which the rule must match on at least one message, `silentOn` cases in which it must match on none. A case is a bare text, which is one message, or an object with `messages` and the `consent` before them. The first message is sent at 2026-05-04T09:00:00Z. Participants are `client`, `employee` and `external`, with a number where there are several (`client2`), or whole addresses.

        ```json
        { "name": "withdrawn in March",
          "consent": [ { "subject": "client", "purpose": "marketing", "channel": "whatsapp", "state": "withdrawn", "at": "2026-03-03T00:00:00Z" } ],
          "messages": [ { "text": "is the branch open?", "from": "client", "channel": "whatsapp" }, { "text": "yes, and our new rates are out", "to": "client", "channel": "whatsapp", "after": "5m" } ] }
        ```

        """;

    private const string Findings = """
        `surveillance rules explain E004` tells more about a code. A file with an error (E) does not take effect, and what ran before stays; a warning (W) is worth a look.

        """;
}
