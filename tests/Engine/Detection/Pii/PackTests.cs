using Surveillance.Detection.Pii;
using Surveillance.Engine.Tests.Rules;

namespace Surveillance.Engine.Tests.Detection.Pii;

/// <summary>Every pack's own table: its examples, the texts it must find something in, its look-alikes, and twins of the examples with one digit wrong.</summary>
public sealed class PackTests
{
    public static TheoryData<string> Types() => [.. PiiTypes.All.Select(t => t.Name)];

    private static PiiType Type(string name) => PiiTypes.All[PiiTypes.IndexOf(name)];

    /// <summary>Write it anew with the environment variable SURVEILLANCE_WRITE_GOLDEN=1.</summary>
    [Fact]
    public void Reference_InTheRepository_IsWhatThePacksGive()
    {
        var path = Repository.At("docs", "pii-types.md");
        if (Environment.GetEnvironmentVariable("SURVEILLANCE_WRITE_GOLDEN") == "1") { File.WriteAllText(path, PiiReference.Generate()); }
        Assert.Equal(File.ReadAllText(path), PiiReference.Generate());
    }

    [Fact]
    public void Types_Names_AreLowerCaseWithHyphensAndOnce()
    {
        Assert.All(PiiTypes.All, t => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", t.Name));
        Assert.Equal(PiiTypes.All.Length, PiiTypes.All.Select(t => t.Name).Distinct().Count());
        Assert.True(PiiTypes.All.Length <= TypeSet.Most);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Type_Entry_IsComplete(string name)
    {
        var type = Type(name);
        Assert.Contains(type.Category, PiiTypes.Categories);
        Assert.NotEmpty(type.Title);
        Assert.NotEmpty(type.Source);
        Assert.True(type.Reader is null ? type.Forms.Count > 0 : type.Bands is not null, "a type has forms, or a reader and its bands in words");
        Assert.True(type.Examples.Count + type.Finds.Count > 0, "a type has an example or a text");
    }

    /// <summary>Look-alikes decide: every type has more of them than of true forms. Names and streets stay below the threshold, so that nothing is marked.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void Type_Table_HoldsTrueFormsAndLookAlikes(string name)
    {
        var type = Type(name);
        int finds = type.Finds.Distinct().Count(), ignores = type.Ignores.Distinct().Count();
        if (type.Reader is not ("names" or "streets")) { Assert.True(finds >= 3, $"{finds} true forms; three are needed"); }
        Assert.True(ignores >= 5 && ignores > finds, $"{ignores} look-alikes; five are needed, and more than the {finds} true forms");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Find_Example_IsKeptAloneAndReportedBesideItsWord(string name)
    {
        var type = Type(name);
        foreach (var example in type.Examples)
        {
            Assert.Contains(Marked.Detect(example), h => h.Span.Length == example.Length && (h.Type == name || (h.Alternatives?.Any(a => a.Type == name) ?? false)));
            if (type.Near.Count > 0) { Marked.AssertFinds(name, $"{type.Near.First().Value[0]} ⟦{example}⟧"); }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Find_MarkedText_MarksIt(string name)
    {
        foreach (var text in Type(name).Finds) { Marked.AssertFinds(name, text); }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Find_LookAlike_MarksNothing(string name)
    {
        foreach (var text in Type(name).Ignores) { Marked.AssertFindsNothing(name, text); }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Find_ExampleInsideALongerToken_MarksNothing(string name)
    {
        var type = Type(name);
        if (type.Reader is not null) { return; }
        foreach (var example in type.Examples)
        {
            foreach (var (before, after) in new[] { ("q7", ""), ("", "7q7"), ("order_", "_9") })
            {
                // What has no fixed length may go on to the end of the token.
                Assert.DoesNotContain(Marked.Detect(before + example + after), h => h.Type == name && h.Span.Start == before.Length && h.Span.Length == example.Length);
            }
        }
    }

    /// <summary>A shape that many other things have says nothing by itself, inside other words or behind an order number.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void Find_ExampleOfACommonShapeWithoutEvidence_IsNotReported(string name)
    {
        var type = Type(name);
        if (type.Reader is not null || type.Forms.Max(f => f.Confidence) + type.Prior >= PiiDetector.DefaultThreshold * 100) { return; }
        foreach (var example in type.Examples)
        {
            Marked.AssertFindsNothing(name, $"we saw {example} there");
            Marked.AssertFindsNothing(name, $"order {example} has shipped");
            Marked.AssertFindsNothing(name, $"version {example} is out");
        }
    }

    /// <summary>A check digit finds nearly every wrong digit; some numbers have parts that it does not cover.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void Find_ExampleWithOneDigitWrong_IsNotValidated(string name)
    {
        var type = Type(name);
        if (!type.Check.Confirms || type.Reader is not null) { return; }
        int twins = 0, passed = 0;
        foreach (var example in type.Examples)
        {
            for (var i = 0; i < example.Length; i++)
            {
                if (!char.IsAsciiDigit(example[i])) { continue; }
                for (var digit = '0'; digit <= '9'; digit++)
                {
                    if (digit == example[i]) { continue; }
                    twins++;
                    var twin = example[..i] + digit + example[(i + 1)..];
                    passed += Marked.Detect(twin).Any(h => h.Type == name && h.Validated && h.Span.Length == twin.Length) ? 1 : 0;
                }
            }
        }
        Assert.True(passed <= 0.25 * twins, $"{passed} of {twins} twins pass");
    }
}
