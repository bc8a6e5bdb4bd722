using System.Collections.Frozen;
using Surveillance.Text;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Words of the special categories of GDPR articles 9 and 10; they count where their sentence says them of a person.</summary>
internal static class SpecialCategories
{
    private const int WithPerson = 60;
    private const int PersonFurther = 45;
    private const int Alone = 28;
    private const int Reach = 10;

    /// <summary>Words that link a person to what follows, and those that phrases of their own begin with.</summary>
    private static readonly FrozenSet<ulong> Links = Hashes("""
        has have had having is are was were am be been being got gets with diagnosed suffers suffering suffered recovering undergoing battling fighting beat survived needs
        convicted served voted votes converted joined released arrested practising practicing observant
        my his her mein meine sein seine ihr ihre mon ma son sa mi su meu minha seu sua mio mia suo
        ist bin war hat hatte habe wurde im wählt est suis était a es está estoy estaba tiene tengo fue vota em foi tem tenho ha è é sono vote heeft
        """);

    private static readonly FrozenSet<ulong> Negations = Hashes("not never no isn't isnt wasn't wasnt aren't ain't hasn't haven't hadn't doesn't didn't don't nor without nicht kein keine nie pas jamais nunca não non");

    private static FrozenSet<ulong> Hashes(string words) =>
        words.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(w => PreparedText.Of(w).Tokens[0].Hash).ToFrozenSet();

    /// <summary>Adds a phrase of a lexicon.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="i">Index of its first token.</param>
    /// <param name="count">How many tokens it has.</param>
    /// <param name="type">Index of the type.</param>
    internal static void Read(PiiScan scan, int i, int count, int type)
    {
        var text = scan.Text.Folded;
        var tokens = scan.Text.Tokens;
        int start = tokens[i].Start, end = tokens[i + count - 1].End;
        if (end < text.Length && text[end] == '-') { return; } // cancer-drug
        var around = scan.SurroundingsOf(start, end);
        if (around.Not.Has(type)) { return; }
        var confidence = IsSaidOfAPerson(scan.Text, i, count, type) ? WithPerson
            : !around.Near.Has(type) && (around.After.Has(type) || around.Far.Has(type)) ? PersonFurther
            : Alone;
        scan.Add(start, end, type, confidence, validated: false);
    }

    /// <summary>Whether a person stands before the phrase in its sentence, a word links the two, and none denies it.</summary>
    private static bool IsSaidOfAPerson(PreparedText text, int i, int count, int type)
    {
        var tokens = text.Tokens;
        var unspaced = (tokens[i].Flags & TokenFlags.Unspaced) != 0;
        var linked = unspaced || Links.Contains(tokens[i].Hash);
        if (!unspaced && WordBook.At(text, i, i + count).Near.Has(type)) { return true; } // "I'm disabled"
        for (var n = i - 1; n >= 0 && i - n <= Reach && text.SameSentence(n, i); n--)
        {
            if (Negations.Contains(tokens[n].Hash)) { return false; }
            var word = text.Folded[tokens[n].Start..tokens[n].End];
            // "John's chemo", "she's pregnant", "I've had …"
            var possessive = word.Length > 2 && word[^2] is '\'' or '’' || word.EndsWith("'ve");
            linked |= possessive || Links.Contains(tokens[n].Hash);
            if (linked && ((possessive && n == i - 1) || IsPerson(text, n, i, type))) { return true; }
        }
        return false;
    }

    private static bool IsPerson(PreparedText text, int n, int limit, int type) =>
        WordBook.At(text, n, limit).Near.Has(type) || TriggerWords.At(text, n, out _) is { Kind: TriggerKind.Name } or { Second: TriggerKind.Name };
}
