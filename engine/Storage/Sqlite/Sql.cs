using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace Surveillance.Storage.Sqlite;

/// <summary>Short forms of what every store of this room does.</summary>
internal static class Sql
{
    /// <summary>How spans and lists are written into a column.</summary>
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    internal static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements are constants of this room; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }
        return command;
    }

    internal static int Execute(SqliteConnection connection, SqliteTransaction transaction, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        command.Transaction = transaction;
        return command.ExecuteNonQuery();
    }

    internal static List<long> Numbers(SqliteCommand command)
    {
        var numbers = new List<long>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            numbers.Add(reader.GetInt64(0));
        }
        return numbers;
    }

    internal static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}

/// <summary>Commands of one writing connection, prepared once each. Used by the writer's thread alone; a command must be finished before it is got again.</summary>
internal sealed class PreparedStatements
{
    private readonly Dictionary<string, SqliteCommand> _commands = [];

    /// <summary>The command of a statement with its values set; the parameters always come in the same order.</summary>
    internal SqliteCommand Get(SqliteConnection connection, SqliteTransaction transaction, string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_commands.TryGetValue(sql, out var command) || command.Connection != connection)
        {
            command = Sql.Command(connection, sql, parameters);
            command.Transaction = transaction;
            command.Prepare();
            _commands[sql] = command;
            return command;
        }
        command.Transaction = transaction;
        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters[i].Value = parameters[i].Value ?? DBNull.Value;
        }
        return command;
    }
}
