using System.Diagnostics;
using Surveillance.Detection.Pii;
using Surveillance.Engine.Tests.Rules;

namespace Surveillance.Engine.Tests.Detection.Pii.Checks;

/// <summary>Shape and checks of every type in <see cref="StdnumTable"/> against python-stdnum (Debian: <c>python3-stdnum</c>), on seeded random values with every check digit tried.</summary>
public sealed class StdnumOracleTests
{
    private const string Python = "/usr/bin/python3"; // Debian's packages are this one's
    private const int NotInstalled = 3; // what the script leaves with
    private const int Values = 3_000; // of a type
    private const int Tries = 40;
    private const string LettersAndDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);

    private sealed record Question(string Type, string Module, string Value, string Written);

    private static readonly Lazy<Task<ILookup<string, (Question Question, bool IsRight)>?>> Answers = new(AskAsync);

    public static TheoryData<string> Types() => [.. StdnumTable.All.Select(s => s.Type).Distinct()];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Check_ValuesOfAType_SaysWhatStdnumSays(string type)
    {
        var answers = await Answers.Value;
        if (answers is null)
        {
            Assert.Skip($"{Python} has no stdnum; Debian's package is python3-stdnum.");
            return;
        }
        var own = answers[type].ToList();
        var differences = own.Where(a => StdnumTable.IsRight(type, a.Question.Value) != a.IsRight).ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} of {own.Count} values differ:\n{string.Join('\n', differences.Take(20).Select(a => $"{a.Question.Value}: {a.Question.Module} says {(a.IsRight ? "right" : "wrong")}"))}");
        Assert.Contains(own, a => a.IsRight);
        Assert.Contains(own, a => !a.IsRight);
    }

    /// <summary>Asks one process for all values of all types; null where stdnum is not installed.</summary>
    private static async Task<ILookup<string, (Question Question, bool IsRight)>?> AskAsync()
    {
        if (!File.Exists(Python)) { return null; }
        var start = new ProcessStartInfo(Python, ["-I", Repository.At("tests", "Engine", "Detection", "Pii", "Checks", "stdnum_oracle.py")]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Longest);
        try
        {
            if (await process.StandardOutput.ReadLineAsync(limit.Token) is null)
            {
                await process.WaitForExitAsync(limit.Token);
                Assert.Equal(NotInstalled, process.ExitCode);
                return null;
            }
            var questions = StdnumTable.All.SelectMany(QuestionsOf).ToList();
            var asking = Task.Run(async () =>
            {
                foreach (var question in questions) { await process.StandardInput.WriteAsync($"{question.Module}\t{question.Written}\n".AsMemory(), limit.Token); }
                process.StandardInput.Close();
            });
            var answers = (await process.StandardOutput.ReadToEndAsync(limit.Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await asking;
            await process.WaitForExitAsync(limit.Token);
            Assert.Equal(questions.Count, answers.Length);
            return questions.Zip(answers, (q, a) => (Question: q, IsRight: a == "1")).ToLookup(a => a.Question.Type);
        }
        finally
        {
            if (!process.HasExited) { process.Kill(); }
        }
    }

    private static IEnumerable<Question> QuestionsOf(StdnumValues asked)
    {
        var random = new Random(17);
        var own = StdnumTable.All.Where(s => s.Type == asked.Type).ToList();
        var share = Values / own.Sum(s => s.Outlines.Length) + 1;
        foreach (var outline in asked.Outlines)
        {
            for (int made = 0, tries = 0; made < share && tries < share * Tries; tries++)
            {
                foreach (var value in WithEveryCheckDigit(Outline.Make(outline, "", random)).Where(v => asked.Where(v)))
                {
                    made++;
                    yield return new(asked.Type, asked.Module, value, asked.Written(value));
                }
            }
        }
        foreach (var example in PiiTypes.Of(asked.Type)!.Examples.Where(_ => asked == own[0]))
        {
            yield return new(asked.Type, asked.Module, example, asked.Written(example));
        }
    }

    private static IEnumerable<string> WithEveryCheckDigit(string value)
    {
        var place = value.IndexOfAny(['?', '*']);
        return place < 0 ? [value] : LettersAndDigits[..(value[place] == '?' ? 10 : 36)].SelectMany(c => WithEveryCheckDigit(value[..place] + c + value[(place + 1)..]));
    }
}
