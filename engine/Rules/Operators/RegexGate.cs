namespace Surveillance.Rules.Operators;

/// <summary>Tells from a pattern whether all that it matches holds an ASCII digit, so that words without one need not be searched.</summary>
/// <remarks>May say no where yes would be true; never the other way round.</remarks>
internal static class RegexGate
{
    /// <summary>Whether every match of the pattern holds at least one of the characters 0 to 9.</summary>
    /// <param name="pattern">A pattern that the regular expression engine has accepted.</param>
    internal static bool NeedsDigit(string pattern)
    {
        var at = 0;
        return pattern.IndexOf("(?", StringComparison.Ordinal) is var group && (group < 0 || !pattern.Contains("(?x", StringComparison.Ordinal)) && Alternatives(pattern, ref at) && at == pattern.Length;
    }

    /// <summary>Reads alternatives up to the end or a closing bracket: yes when each needs a digit.</summary>
    private static bool Alternatives(string pattern, ref int at)
    {
        bool every = true, current = false;
        while (at < pattern.Length && pattern[at] != ')')
        {
            if (pattern[at] == '|')
            {
                every &= current;
                current = false;
                at++;
                continue;
            }
            var digit = Atom(pattern, ref at);
            var least = Least(pattern, ref at);
            current |= digit && least > 0;
        }
        return every && current;
    }

    /// <summary>Reads one atom: yes when it stands for digits only, or for a group that needs one.</summary>
    private static bool Atom(string pattern, ref int at)
    {
        switch (pattern[at])
        {
            case '\\':
                at += 2;
                SkipLongEscape(pattern, ref at);
                return false;
            case '[':
                return Class(pattern, ref at);
            case '(':
                at++;
                if (at < pattern.Length && pattern[at] == '?')
                {
                    if (at + 1 < pattern.Length && pattern[at + 1] == ':')
                    {
                        at += 2;
                    }
                    else if (pattern.IndexOf('>', at) is > 0 and var name && at + 1 < pattern.Length && pattern[at + 1] == '<')
                    {
                        at = name + 1;
                    }
                    else
                    {
                        at = pattern.Length + 1; // options and the like: say no
                        return false;
                    }
                }
                var needs = Alternatives(pattern, ref at);
                at++;
                return needs;
            default:
                return char.IsAsciiDigit(pattern[at++]);
        }
    }

    /// <summary>Reads a class in brackets: yes when it holds digits and nothing else.</summary>
    private static bool Class(string pattern, ref int at)
    {
        at++;
        var digits = true;
        for (var first = true; at < pattern.Length && (pattern[at] != ']' || first); first = false)
        {
            if (pattern[at] is '\\' or '[' or '^')
            {
                digits = false;
                at += pattern[at] == '\\' ? 2 : 1;
                continue;
            }
            digits &= char.IsAsciiDigit(pattern[at]) || (pattern[at] == '-' && !first);
            at++;
        }
        at++;
        return digits;
    }

    /// <summary>Reads what may follow an atom: how often it must stand at least.</summary>
    private static int Least(string pattern, ref int at)
    {
        if (at >= pattern.Length)
        {
            return 1;
        }
        switch (pattern[at])
        {
            case '*' or '?':
                at++;
                return 0;
            case '{':
                var end = pattern.IndexOf('}', at);
                var counts = end < 0 ? [] : pattern[(at + 1)..end].Split(',');
                at = end < 0 ? at : end + 1;
                return counts.Length > 0 && int.TryParse(counts[0], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var least) ? least : 1;
            default:
                return 1;
        }
    }

    private static void SkipLongEscape(string pattern, ref int at)
    {
        switch (pattern[at - 1])
        {
            case 'p' or 'P' when at < pattern.Length && pattern[at] == '{':
                at = pattern.IndexOf('}', at) is >= 0 and var end ? end + 1 : pattern.Length;
                break;
            case 'x':
                at += 2;
                break;
            case 'u':
                at += 4;
                break;
            case 'c':
                at += 1;
                break;
        }
    }
}
