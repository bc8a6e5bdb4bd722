using System.CommandLine;
using System.CommandLine.Parsing;
using Surveillance.Dashboard.Accounts;
using Surveillance.Messages;
using Surveillance.Storage.Sqlite;

namespace Surveillance.Dashboard.Commands;

/// <summary>The program's command line. Data goes to standard output, talk to standard error.</summary>
internal static class CommandLine
{
    /// <summary>Runs the command that the arguments name; gives the exit code.</summary>
    internal static async Task<int> RunAsync(string[] args)
    {
        var root = Build();
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return Refuse(parsed);
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (DataFolderInUseException e)
        {
            return await FailAsync(ExitCodes.Conflict, e.Message, "Stop that one first, or give another folder with --data.");
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return await FailAsync(ExitCodes.Input, e.Message, null);
        }
        catch (IOException e)
        {
            return await FailAsync(ExitCodes.Input, e.Message, null);
        }
        catch (Exception e)
        {
            // The words of an unexpected error may hold words of a message; its kind and place do not.
            return await FailAsync(ExitCodes.Internal, $"unexpected {e.GetType().FullName}\n{e.StackTrace}", "Please report this with the command that you gave.");
        }
    }

    /// <summary>Every command.</summary>
    internal static RootCommand Build()
    {
        var data = new Option<string?>("--data") { Description = "The data folder (default: $XDG_DATA_HOME/surveillance, else ~/.local/share/surveillance)", HelpName = "DIR" };
        ConnectControl connect = (parse, cancel) => ControlClient.ConnectAsync(parse.GetValue(data), cancel);
        return new RootCommand("Communications surveillance: captures every client message, finds the risky ones, proves both.")
        {
            ServeCommand.Build(),
            ScanCommand.Build(),
            RulesCommand.Build(),
            ModelsCommand.Build(),
            TokensCommand.Build(connect, data),
            UsersCommand.Build(connect, data),
        };
    }

    /// <summary>Writes an error in the form that every command uses; gives the exit code back.</summary>
    internal static async Task<int> FailAsync(int exitCode, string message, string? help)
    {
        await Console.Error.WriteLineAsync("error: " + message);
        if (help is not null)
        {
            await Console.Error.WriteLineAsync("help: " + help);
        }
        return exitCode;
    }

    private static int Refuse(ParseResult parsed)
    {
        foreach (var error in parsed.Errors)
        {
            Console.Error.WriteLine("error: " + error.Message);
        }
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [var word, ..])
        {
            var known = word.StartsWith('-') ? command.Options.Select(o => o.Name) : command.Subcommands.Select(c => c.Name);
            if (NearestName.Find(word, known) is { } near)
            {
                Console.Error.WriteLine($"help: did you mean `{near}`?");
            }
        }
        Console.Error.WriteLine($"help: `surveillance {string.Join(' ', Names(parsed.CommandResult))}--help` shows how it is used");
        return ExitCodes.Usage;

        static IEnumerable<string> Names(SymbolResult? result)
        {
            var names = new Stack<string>();
            for (; result is CommandResult command && result.Parent is not null; result = result.Parent)
            {
                names.Push(command.Command.Name);
            }
            return names.Count == 0 ? [""] : [.. names, ""];
        }
    }
}
