namespace Surveillance.Messages;

/// <summary>Finds the known name that somebody most likely meant.</summary>
public static class NearestName
{
    /// <summary>The known name at an edit distance of at most 2 (and under half the word), or null; the first in order wins a tie.</summary>
    /// <param name="written">What was written; more than 64 characters give null.</param>
    /// <param name="known">The names that exist.</param>
    public static string? Find(string written, IEnumerable<string> known)
    {
        if (written.Length is 0 or > 64)
        {
            return null;
        }
        string? best = null;
        var bestDistance = Math.Min(3, Math.Max(2, (written.Length + 1) / 2));
        foreach (var name in known)
        {
            if (Math.Abs(name.Length - written.Length) >= bestDistance)
            {
                continue;
            }
            var distance = Distance(written, name);
            if (distance < bestDistance)
            {
                best = name;
                bestDistance = distance;
            }
        }
        return best;
    }

    /// <summary>Edit distance with neighbouring letters swapped counted as one (optimal string alignment), letter case ignored.</summary>
    private static int Distance(string a, string b)
    {
        var before = new int[b.Length + 1];
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                current[j] = Math.Min(Math.Min(previous[j] + 1, current[j - 1] + 1), previous[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 2]) && char.ToLowerInvariant(a[i - 2]) == char.ToLowerInvariant(b[j - 1]))
                {
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
                }
            }
            (before, previous, current) = (previous, current, before);
        }
        return previous[b.Length];
    }
}
