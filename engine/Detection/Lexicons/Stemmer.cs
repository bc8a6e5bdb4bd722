namespace Surveillance.Detection.Lexicons;

/// <summary>Takes the common endings off English words, so that <c>promise</c>, <c>promised</c> and <c>promising</c> are one word.</summary>
/// <remarks>
/// Light on purpose: plural, past and -ing endings, doubled last consonants and a last e. Both sides of a comparison pass through it, so its
/// results need not be words. The first three letters never change, which lets the matcher rule words out before it stems them.
/// </remarks>
internal static class Stemmer
{
    /// <summary>The longest word that is stemmed, in letters; longer ones stay as they are.</summary>
    internal const int MaxLength = 40;

    /// <summary>The stem in the first letters of the given buffer; its length.</summary>
    /// <param name="word">A folded word without apostrophes; overwritten.</param>
    internal static int Stem(Span<char> word)
    {
        var length = DropPlural(word);
        length = DropPastOrProgressive(word[..length]);
        if (length >= 4 && word[length - 1] == 'e')
        {
            length--;
        }
        if (length >= 4 && word[length - 1] == word[length - 2] && !IsVowel(word, length - 1))
        {
            length--;
        }
        return length;
    }

    /// <summary>The stem of a folded word as a text.</summary>
    /// <param name="word">A folded word; apostrophes do not count.</param>
    internal static string StemOf(ReadOnlySpan<char> word)
    {
        Span<char> letters = stackalloc char[MaxLength];
        var length = Letters(word, letters);
        return length < 0 ? word.ToString() : letters[..Stem(letters[..length])].ToString();
    }

    /// <summary>Copies a word without its apostrophes; the count of letters, or -1 where there are more than fit.</summary>
    /// <param name="word">A folded word.</param>
    /// <param name="letters">Where they go.</param>
    internal static int Letters(ReadOnlySpan<char> word, Span<char> letters)
    {
        var n = 0;
        foreach (var c in word)
        {
            if (c == '\'')
            {
                continue;
            }
            if (n == letters.Length)
            {
                return -1;
            }
            letters[n++] = c;
        }
        return n;
    }

    private static int DropPlural(Span<char> word)
    {
        var length = word.Length;
        if (length < 4 || word[length - 1] != 's' || word[length - 2] is 's' or 'u' or 'i')
        {
            return length;
        }
        if (length >= 6 && Ends(word, "ies"))
        {
            word[length - 3] = 'y';
            return length - 2;
        }
        return length >= 5 && (Ends(word, "sses") || Ends(word, "xes") || Ends(word, "ches") || Ends(word, "shes") || Ends(word, "zes")) ? length - 2 : length - 1;
    }

    private static int DropPastOrProgressive(Span<char> word)
    {
        var length = word.Length;
        if (Ends(word, "ing"))
        {
            return length >= 6 && HasVowel(word[..^3]) ? length - 3 : length;
        }
        if (length < 4 || !Ends(word, "ed"))
        {
            return length;
        }
        if (Ends(word, "eed"))
        {
            return HasVowel(word[..^3]) ? length - 1 : length;
        }
        if (length >= 6 && Ends(word, "ied"))
        {
            word[length - 3] = 'y';
            return length - 2;
        }
        if (!HasVowel(word[..^2]))
        {
            return length;
        }
        return length >= 5 ? length - 2 : length - 1;
    }

    private static bool Ends(ReadOnlySpan<char> word, string ending) => word.EndsWith(ending, StringComparison.Ordinal);

    private static bool HasVowel(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (IsVowel(word, i))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsVowel(ReadOnlySpan<char> word, int at) => word[at] is 'a' or 'e' or 'i' or 'o' or 'u' || (word[at] == 'y' && at > 0);
}
