using Surveillance.Detection.Pii.Checks;

namespace Surveillance.Detection.Pii;

/// <summary>How a reader weighs what it reads: where to look, what to check, which words speak for it and against it.</summary>
/// <param name="Shape">Where candidates begin and how they are read.</param>
/// <param name="Check">What a candidate must pass.</param>
/// <param name="Near">Words that speak for it, on either side.</param>
/// <param name="Not">Words that speak against it.</param>
internal sealed record Recogniser(Shape Shape, Check Check, WordGroup Near, WordGroup Not)
{
    /// <summary>Confidence of a candidate that passes its check, by what the check says; without any other evidence.</summary>
    internal required Bands Bands { get; init; }
}

/// <summary>Confidence in hundredths by the verdict of the check, and what evidence adds or takes.</summary>
/// <param name="Passed">When the check passes.</param>
/// <param name="Weak">When the check passes but is met by chance often.</param>
/// <param name="Near">Added by a word that speaks for the type.</param>
/// <param name="Not">Taken by a word that speaks against it.</param>
internal readonly record struct Bands(int Passed, int Weak, int Near, int Not);

/// <summary>What a check says of a candidate.</summary>
internal enum Verdict
{
    /// <summary>It is not one.</summary>
    Fails,
    /// <summary>It may be one; so may many numbers.</summary>
    Weak,
    /// <summary>It is one but for chance.</summary>
    Passes,
}

/// <summary>A test on the plain characters of a candidate: separators are taken out, letters are in lower case.</summary>
/// <param name="value">The characters.</param>
internal delegate Verdict Test(ReadOnlySpan<char> value);

/// <summary>A named test.</summary>
/// <param name="Name">As the reference page prints it.</param>
/// <param name="Test">The test.</param>
/// <param name="Confirms">Whether passing it confirms a value; a list of codes or a date inside only rules others out.</param>
internal sealed record Check(string Name, Test Test, bool Confirms = true)
{
    /// <summary>Nothing beyond the shape.</summary>
    internal static readonly Check None = new("structure", static _ => Verdict.Passes, Confirms: false);

    /// <summary>This check and another one: the lower verdict holds.</summary>
    /// <param name="name">As the reference page prints the two.</param>
    /// <param name="other">The other test.</param>
    internal Check And(string name, Test other) => new(name, value =>
    {
        var first = Test(value);
        if (first == Verdict.Fails) { return first; }
        var second = other(value);
        return first < second ? first : second;
    }, Confirms);

    /// <summary>The check digit of ISO/IEC 7812-1, annex B.</summary>
    internal static readonly Check Luhn = new("Luhn", static digits => Checksums.Luhn(digits) ? Verdict.Passes : Verdict.Fails);

    /// <summary>The check digits of ISO 13616-1, computed by ISO/IEC 7064, MOD 97-10.</summary>
    internal static readonly Check Mod97 = new("mod 97", static value => Checksums.Mod97(value) ? Verdict.Passes : Verdict.Fails);
}

/// <summary>Where in a text a recogniser begins to read.</summary>
internal enum Anchor
{
    /// <summary>At digits, single or in groups.</summary>
    Digits,
    /// <summary>At two letters and two digits.</summary>
    LettersAndDigits,
    /// <summary>At the at sign, or what stands for it.</summary>
    At,
    /// <summary>At a colon or a full stop between letters or digits.</summary>
    Colon,
}

/// <summary>What a candidate looks like.</summary>
/// <param name="Anchor">Where to begin.</param>
/// <param name="MinLength">Fewest characters without separators.</param>
/// <param name="MaxLength">Most characters without separators.</param>
/// <param name="Separators">Characters that may stand between its groups; empty when there are none.</param>
internal sealed record Shape(Anchor Anchor, int MinLength, int MaxLength, string Separators = "")
{
    /// <summary>Digits, so many of them.</summary>
    /// <param name="min">Fewest.</param>
    /// <param name="max">Most.</param>
    internal static Shape Digits(int min, int max) => new(Anchor.Digits, min, max);

    /// <summary>The same with separators allowed between the groups; a blank stands for a line break too.</summary>
    /// <param name="separators">Which.</param>
    internal Shape Separated(string separators) => this with { Separators = separators };
}
