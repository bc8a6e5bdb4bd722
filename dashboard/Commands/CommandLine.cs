using System.CommandLine;
using System.CommandLine.Parsing;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Backups;
using Surveillance.Dashboard.Jobs;
using Surveillance.Dashboard.Search;
using Surveillance.Messages;
using Surveillance.Pipeline;
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
        if (!Accepts(parsed, Console.Error))
        {
            return ExitCodes.Usage;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (DataFolderInUseException e)
        {
            return await FailAsync(ExitCodes.Conflict, e.Message, "Stop that one first, or give another folder with --data.");
        }
        catch (AddressException e)
        {
            return await FailAsync(ExitCodes.Usage, e.Message, "Give addresses such as http://localhost:5080, parted by ;, with --urls or in the setting Urls.");
        }
        catch (SettingException e)
        {
            return await FailAsync(ExitCodes.Usage, e.Message, "Settings are read from appsettings.json in the current folder and from variables such as SURVEILLANCE_Rescan__OnActivation.");
        }
        catch (DatabaseDamagedException e)
        {
            return await FailAsync(ExitCodes.IntegrityBroken, e.Message, "`surveillance doctor` looks at every file; `surveillance restore` puts the last backup into another folder.");
        }
        catch (RulesInvalidException e)
        {
            foreach (var problem in e.Problems)
            {
                await Console.Error.WriteLineAsync(problem);
            }
            return await FailAsync(ExitCodes.Findings, e.Message, "`surveillance rules check` shows the same.");
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
        ConnectControl connect = (parse, cancel) => ControlClient.ConnectAsync(new HostSettings { Data = parse.GetValue(data) }, cancel);
        var rules = new Option<string?>("--rules") { Description = "The folder of rules where no service runs (default: ./rules, else the one beside the program)", HelpName = "DIR" };
        var models = new Option<string?>("--models") { Description = "The folder of models where no service runs (default: ./models, else the one beside the program)", HelpName = "DIR" };
        ConnectControl connectAtWork = (parse, cancel) => ControlClient.ConnectAsync(new HostSettings { Data = parse.GetValue(data), Rules = parse.GetValue(rules), Models = parse.GetValue(models), WithJobs = true, DataMustExist = true }, cancel);
        ConnectControl connectToExisting = (parse, cancel) => ControlClient.ConnectAsync(new HostSettings { Data = parse.GetValue(data), DataMustExist = true }, cancel);
        return new RootCommand(
            """
            Communications surveillance: captures every client message, finds the risky ones, proves both.

            Examples:
              surveillance serve --demo
              surveillance scan messages.ndjson
            """)
        {
            ServeCommand.Build(),
            ScanCommand.Build(),
            RulesCommand.Build(),
            ModelsCommand.Build(),
            RescanCommand.Build(connectAtWork, data, rules, models),
            JobsCommand.Build(connectToExisting, connectAtWork, [rules, models], data),
            SearchCommand.Build(connectToExisting, data),
            TokensCommand.Build(connect, data),
            UsersCommand.Build(connect, data),
            DoctorCommand.Build(data),
            BackupCommand.Build(connectToExisting, data),
            RestoreCommand.Build(),
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

    /// <summary>What looks like an option and is none: the parser would take it for a file or folder of that name.</summary>
    private static List<string> UnknownOptions(ParseResult parsed)
    {
        var plain = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value).Concat(parsed.UnmatchedTokens).ToHashSet();
        return [.. parsed.Tokens.TakeWhile(t => t.Type != TokenType.DoubleDash).Select(t => t.Value).Where(t => t.Length > 1 && t[0] == '-' && plain.Contains(t))];
    }

    /// <summary>Options that end the line, or before another option, though they take a value: the parser would take the other option for it.</summary>
    private static List<(OptionResult Option, string? Next)> WithoutValue(ParseResult parsed)
    {
        var names = parsed.CommandResult.Command.Options.SelectMany(o => o.Aliases.Append(o.Name)).ToHashSet();
        var given = parsed.CommandResult.Children.OfType<OptionResult>().Where(o => o.IdentifierToken is not null && o.Option.Arity.MinimumNumberOfValues > 0);
        return [.. given.Select(o => (o, Next: o.Tokens.Select(t => t.Value).FirstOrDefault(names.Contains))).Where(o => o.Next is not null || o.o.Tokens.Count == 0)];
    }

    /// <summary>Whether the arguments name a command and suit it; says what is wrong where they do not.</summary>
    internal static bool Accepts(ParseResult parsed, TextWriter error)
    {
        var unknown = UnknownOptions(parsed);
        var lacking = WithoutValue(parsed);
        if (parsed.Errors.Count == 0 && unknown.Count == 0 && lacking.Count == 0)
        {
            return true;
        }
        var command = parsed.CommandResult.Command;
        foreach (var (option, next) in lacking)
        {
            error.WriteLine($"error: {option.Option.Name} lacks its value{(option.Option.HelpName is { } value ? " " + value : "")}{(next is null ? "" : $": {next} follows it")}");
        }
        foreach (var option in unknown)
        {
            var near = NearestName.Find(option.Split('=', ':')[0], command.Options.Select(o => o.Name));
            error.WriteLine($"error: There is no option {option}.{(near is null ? "" : $"\nhelp: did you mean `{near}`?")}");
        }
        foreach (var problem in unknown.Count > 0 ? [] : parsed.Errors.Where(e => lacking.TrueForAll(l => l.Option != e.SymbolResult)))
        {
            error.WriteLine("error: " + problem.Message);
        }
        if (unknown.Count == 0 && parsed.UnmatchedTokens is [var word, ..] && NearestName.Find(word, command.Subcommands.Select(c => c.Name)) is { } meant)
        {
            error.WriteLine($"help: did you mean `{meant}`?");
        }
        error.WriteLine($"help: `surveillance {string.Join(' ', Names(parsed.CommandResult))}--help` shows how it is used");
        return false;

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
