namespace Surveillance.Detection.Pii;

/// <summary>A written form of a type with what decides quickly that it cannot begin somewhere.</summary>
/// <param name="Type">The type.</param>
/// <param name="Form">The form.</param>
/// <param name="Number">Its number among all forms of all types.</param>
/// <param name="NextLow">One bit for each character below 64 that may follow the first run.</param>
/// <param name="NextHigh">One bit for each character from 64 to 127 that may follow the first run.</param>
/// <param name="MayEnd">Whether the value may end with the first run.</param>
internal readonly record struct FormEntry(PiiType Type, WrittenForm Form, int Number, ulong NextLow, ulong NextHigh, bool MayEnd)
{
    /// <summary>Whether a character may follow the first run.</summary>
    internal bool MayContinue(char c) => c < 64 ? (NextLow >> c & 1) != 0 : c < 128 && (NextHigh >> (c - 64) & 1) != 0;
}

/// <summary>All forms by the run of digits or of letters with which their values begin: one look tells the few that are worth a match.</summary>
internal static class FormatIndex
{
    private const int LongestRun = 64;

    private static readonly FormEntry[][] Digits = new FormEntry[LongestRun + 1][];
    private static readonly FormEntry[][] Letters = new FormEntry[LongestRun + 1][];

    /// <summary>Every form by its number.</summary>
    internal static readonly (PiiType Type, WrittenForm Form)[] Forms = [.. PiiTypes.All.SelectMany(t => t.Forms.Select(f => (t, f)))];

    /// <summary>One bit for each length of a word without digits that may be a value.</summary>
    internal static readonly ulong WholeWords;

    static FormatIndex()
    {
        Fill(Digits, char.IsAsciiDigit);
        Fill(Letters, char.IsAsciiLetterLower);
        for (var length = 0; length < 64; length++)
        {
            if (Letters[length].Any(e => e.MayEnd)) { WholeWords |= 1UL << length; }
        }
    }

    /// <summary>The forms of values that begin with a run.</summary>
    /// <param name="isDigits">Whether the run is of digits; else of letters.</param>
    /// <param name="length">How long it is.</param>
    internal static ReadOnlySpan<FormEntry> Of(bool isDigits, int length) => length > LongestRun ? [] : (isDigits ? Digits : Letters)[length];

    /// <summary>Walks each form along a run of any length and notes where it may go on.</summary>
    private static void Fill(FormEntry[][] index, Func<char, bool> inRun)
    {
        char[] run = [.. Enumerable.Range(0, 128).Select(c => (char)c).Where(inRun)];
        char[] others = [.. Enumerable.Range(0, 128).Select(c => (char)c).Where(c => !inRun(c))];
        var lists = Enumerable.Range(0, LongestRun + 1).Select(_ => new List<FormEntry>()).ToArray();
        for (var number = 0; number < Forms.Length; number++)
        {
            var format = Forms[number].Form.Format;
            var state = format.Start;
            for (var length = 1; length <= LongestRun; length++)
            {
                // The union of the states over all characters of the run says all that may be: steps distribute over it.
                ulong next = 0;
                foreach (var c in run) { next |= format.Step(state, c); }
                state = next;
                if (state == 0) { break; }
                ulong low = 0, high = 0;
                foreach (var c in others)
                {
                    if (format.Step(state, c) == 0) { continue; }
                    if (c < 64) { low |= 1UL << c; }
                    else { high |= 1UL << (c - 64); }
                }
                var mayEnd = format.IsFinal(state);
                if (low != 0 || high != 0 || mayEnd) { lists[length].Add(new FormEntry(Forms[number].Type, Forms[number].Form, number, low, high, mayEnd)); }
            }
        }
        for (var length = 0; length <= LongestRun; length++) { index[length] = [.. lists[length]]; }
    }
}
