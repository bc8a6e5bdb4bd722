using System.Globalization;
using System.Text.Json;
using Surveillance.Messages;

namespace Surveillance.Detection.Classifiers.Training;

/// <summary>One labelled message.</summary>
/// <param name="Text">Its words.</param>
/// <param name="IsPositive">Whether it belongs to the family that the model looks for.</param>
/// <param name="Language">ISO 639-1, or null where nobody wrote it down.</param>
/// <param name="Direction">Which way it went.</param>
/// <param name="Channel">Where it was sent.</param>
/// <param name="Subject">Its subject line, or null.</param>
public sealed record TrainingRow(
    string Text, bool IsPositive, string? Language = null, Direction Direction = Direction.Outbound, Channel Channel = Channel.Other, string? Subject = null)
{
    /// <summary>The row as the message that a classifier would see.</summary>
    public CapturedMessage ToMessage() => new()
    {
        Id = "row",
        Channel = Channel,
        Conversation = "rows",
        SentAt = DateTimeOffset.UnixEpoch,
        Direction = Direction,
        From = new Participant("row"),
        Subject = Subject,
        Text = Text,
    };

    /// <summary>Reads a file of rows: one JSON object a line with <c>text</c> and <c>label</c> (1 or 0), and, where known, <c>subject</c>, <c>lang</c>, <c>channel</c>, <c>direction</c>. Other fields are left alone; empty lines are skipped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="family">When given, a row with a field <c>family</c> counts only if that is the family's name or <c>benign</c>: each row of a shared file is labelled for its own family alone.</param>
    /// <exception cref="TrainingDataException">A line is not such an object; the message names file and line.</exception>
    public static IReadOnlyList<TrainingRow> ReadFile(string path, string? family = null)
    {
        var rows = new List<TrainingRow>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }
            var place = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(path)}:{number}");
            if (Read(line, family, place) is { } row)
            {
                rows.Add(row);
            }
        }
        return rows;
    }

    private static TrainingRow? Read(string line, string? family, string place)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var fields = document.RootElement;
            if (fields.ValueKind != JsonValueKind.Object)
            {
                throw new TrainingDataException($"{place}: a row is a JSON object, such as {{\"text\": \"…\", \"label\": 1}}.");
            }
            if (family is not null && Word(fields, "family", place) is { } own && own != family && own != "benign")
            {
                return null;
            }
            if (!fields.TryGetProperty("label", out var label) || label.ValueKind != JsonValueKind.Number || !label.TryGetInt32(out var value) || value is not (0 or 1))
            {
                throw new TrainingDataException($"{place}: \"label\" must be 1 (belongs to the family) or 0.");
            }
            return new TrainingRow(
                Word(fields, "text", place) ?? throw new TrainingDataException($"{place}: \"text\" is missing."),
                value == 1,
                Word(fields, "lang", place),
                Value<Direction>(fields, "direction", place),
                Value<Channel>(fields, "channel", place),
                Word(fields, "subject", place));
        }
        catch (JsonException e)
        {
            throw new TrainingDataException($"{place}: this is not JSON ({e.Message.Split(". ")[0]}). Write one object a line.");
        }
    }

    private static string? Word(JsonElement fields, string name, string place)
    {
        if (!fields.TryGetProperty(name, out var field) || field.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        return field.ValueKind == JsonValueKind.String ? field.GetString() : throw new TrainingDataException($"{place}: \"{name}\" must be a string.");
    }

    private static T Value<T>(JsonElement fields, string name, string place)
        where T : struct, Enum
    {
        var word = Word(fields, name, place);
        if (word is null)
        {
            return typeof(T) == typeof(Direction) ? (T)(object)Direction.Outbound : default;
        }
        return Enum.TryParse<T>(word, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw new TrainingDataException($"{place}: \"{name}\" must be one of {string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()))}.");
    }
}

/// <summary>Rows or settings that a model cannot be trained with; the message names the place and says what to write.</summary>
public sealed class TrainingDataException : Exception
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="message">Place and cause.</param>
    public TrainingDataException(string message) : base(message) { }
}
