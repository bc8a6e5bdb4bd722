using System.Globalization;
using System.Text;
using Surveillance.Detection.Pii.Checks;

namespace Surveillance.Detection.Pii;

/// <summary>Makes <c>docs/pii-types.md</c> out of the packs.</summary>
internal static class PiiReference
{
    private const string Head = """
        # PII types

        Made from the packs in `engine/Detection/Pii/Packs/` by a test (`SURVEILLANCE_WRITE_GOLDEN=1`); edit those.

        A **type** is one kind of value. Its **pack** is a country (ISO 3166-1) or `any`; the list `rules/lists/pii-packs.json` may name the
        packs in force (no list: all), and types without which they run, behind a minus sign.

        **Confidence** runs from 0 to 1; 0.50 and more is reported by default, less than 0.20 is not kept. It begins with how seldom something
        else looks like the value and passes its check: 0.20 for one in ten, 0.36 for one in a hundred, 0.52 for one in a thousand. The table
        gives it for the value in a text without other evidence, for a message that is nothing but the value, and beside a word that speaks for
        the type. Words of orders, versions, instants and amounts in front take 0.30. Values that overlap are resolved: the likeliest wins, the
        others stay as alternatives of the hit. A hit says its rule (the written form), its check and the words that spoke for it.

        **Written forms**: `#` a digit, `@` a letter, `&` either, `[…]` one of a set, `~` a separator or nothing, `_` a separator, `?` and `{m,n}`
        as in patterns. All separators of a value are alike.

        Types of category `context` are reported and never an exposure. `person-name` and `postal-address` are guesses below the default threshold.
        A hit that is `masked` shows a part of the value only; one that is `solicited` is a request for a value and holds none.

        """;

    /// <summary>The page.</summary>
    internal static string Generate()
    {
        var page = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (var category in PiiTypes.Categories)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {category}\n\n| Type | What | Pack | Check | Confidence: in text, alone, beside a word | Written | Example |\n|---|---|---|---|---|---|---|\n");
            foreach (var type in PiiTypes.All.Where(t => t.Category == category).OrderBy(t => t.Name, StringComparer.Ordinal))
            {
                page.Append(CultureInfo.InvariantCulture, $"| `{type.Name}` | {Cell(type.Title)} | {type.Pack} | {Cell(type.Check.Name)} | {Bands(type)} | {Forms(type)} | {Example(type)} |\n");
            }
        }
        page.Append("\n## Sources\n\n");
        foreach (var type in PiiTypes.All.OrderBy(t => t.Name, StringComparer.Ordinal)) { page.Append(CultureInfo.InvariantCulture, $"- `{type.Name}`: {type.Source}\n"); }
        page.Append("\n## Checks\n\n| Check | What | Standard |\n|---|---|---|\n");
        foreach (var check in CheckTable.All()) { page.Append(CultureInfo.InvariantCulture, $"| `{check.Name}` | {Cell(check.Title)} | {Cell(check.Standard)} |\n"); }
        return page.ToString();
    }

    private static string Bands(PiiType type)
    {
        if (type.Bands is not null) { return Cell(type.Bands); }
        var bands = type.Forms.Select(f => Math.Max(0, f.Confidence + type.Prior)).Distinct().Order()
            .Select(c => $"{Say(c)}, {Say(c + type.AloneAdds)}, {(type.Near.Count > 0 ? Say(c + type.NearAdds) : "-")}").ToArray();
        return bands.Length > 2 ? $"{bands[0]} to {bands[^1]}" : string.Join("; ", bands);
    }

    private static string Say(int hundredths) => (Math.Clamp(hundredths, 0, 99) / 100.0).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Forms(PiiType type)
    {
        const int most = 3;
        var forms = type.Forms.Select(f => $"`{Cell(f.Format.Pattern)}`").ToArray();
        return string.Join(" ", forms.Take(most)) + (forms.Length > most ? $" and {forms.Length - most} more" : "");
    }

    private static string Example(PiiType type) =>
        type.Examples.Count > 0 ? $"`{Cell(type.Examples[0])}`" : type.Finds.Count > 0 ? Cell(type.Finds[0].Replace("[", "`", StringComparison.Ordinal).Replace("]", "`", StringComparison.Ordinal)) : "-";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal);
}
