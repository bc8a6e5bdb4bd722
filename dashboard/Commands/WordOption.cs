using System.CommandLine;
using System.Globalization;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Commands;

/// <summary>Makes options that take a number or one word of several, and say in one sentence what they take.</summary>
internal static class WordOption
{
    /// <summary>An option that takes a number.</summary>
    /// <param name="name">Its name, with hyphens.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="helpName">What stands for the number in the help.</param>
    /// <param name="standard">The number where the option is left out.</param>
    /// <param name="fits">Whether a number may be given.</param>
    /// <param name="says">What may be given, as in "a number from 1 to 64".</param>
    internal static Option<T> Number<T>(string name, string description, string helpName, T standard, Func<T, bool> fits, string says) where T : struct, IParsable<T> => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            if (result.Tokens is [var token] && T.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) && fits(number))
            {
                return number;
            }
            result.AddError($"{name} is {says}");
            return standard;
        },
    };

    /// <summary>An option that takes one of some words; null where it is left out.</summary>
    /// <param name="name">Its name, with hyphens.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="helpName">What stands for the word in the help.</param>
    /// <param name="words">The words.</param>
    internal static Option<string?> OneOf(string name, string description, string helpName, params string[] words)
    {
        var option = new Option<string?>(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                var given = result.Tokens is [var token] ? token.Value : "";
                if (words.Contains(given))
                {
                    return given;
                }
                var near = NearestName.Find(given, words);
                result.AddError($"{name} is {string.Join(", ", words[..^1])} or {words[^1]}{(near is null ? "" : $"; did you mean `{near}`?")}");
                return null;
            },
        };
        option.CompletionSources.Add(words);
        return option;
    }
}
