using System.CommandLine;
using System.Text.Json;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Accounts;

/// <summary><c>surveillance tokens create|list|revoke</c>.</summary>
internal static class TokensCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="connect">Connects to the data folder's service.</param>
    /// <param name="shared">Options that every verb takes too, such as <c>--data</c>.</param>
    public static Command Build(ConnectControl connect, params Option[] shared)
    {
        var tokens = new Command(
            "tokens",
            """
            API tokens for programs that send messages or read alerts.

            Examples:
              surveillance tokens create --name mail-feed --scopes ingest:write
              surveillance tokens list
            """)
        { Create(connect), List(connect), Revoke(connect) };
        foreach (var verb in tokens.Subcommands)
        {
            foreach (var option in shared) { verb.Add(option); }
        }
        return tokens;
    }

    private static Command Create(ConnectControl connect)
    {
        var name = new Option<string>("--name") { Description = "What to call it, such as the program that will use it", Required = true, HelpName = "NAME" };
        var scopes = new Option<string[]>("--scopes")
        {
            Description = "What it may do, commas between: " + string.Join(", ", Surveillance.Accounts.Scopes.All), Required = true, AllowMultipleArgumentsPerToken = true, HelpName = "SCOPES",
        };
        var create = new Command(
            "create",
            """
            Makes a token and prints its secret on standard output, once.

            Examples:
              surveillance tokens create --name mail-feed --scopes ingest:write
              TOKEN=$(surveillance tokens create --name report --scopes alerts:read,messages:read)
            """)
        { name, scopes };
        create.SetAction((parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var wanted = ScopeList.Split(parsed.GetRequiredValue(scopes));
            if (ScopeList.ProblemWith(wanted) is { } problem)
            {
                error.WriteLine("error: " + problem);
                return Task.FromResult(ControlCall.Usage);
            }
            return ControlCall.RunAsync<CreatedToken>(
                connect, parsed, HttpMethod.Post, "/control/tokens", new NewTokenRequest(parsed.GetRequiredValue(name), wanted),
                made =>
                {
                    error.WriteLine($"Token {made.Id} ({made.Name}) may {string.Join(", ", made.Scopes)}. The secret is shown this once:");
                    output.WriteLine(made.Secret);
                },
                cancel);
        });
        return create;
    }

    private static Command List(ConnectControl connect)
    {
        var json = new Option<bool>("--json") { Description = "One JSON array instead of a table" };
        var list = new Command(
            "list",
            """
            Shows every token, revoked ones too; never a secret.

            Examples:
              surveillance tokens list
              surveillance tokens list --json
            """)
        { json };
        list.SetAction((parsed, cancel) => ControlCall.RunAsync<List<TokenLine>>(
            connect, parsed, HttpMethod.Get, "/control/tokens", null,
            tokens =>
            {
                var output = parsed.InvocationConfiguration.Output;
                if (parsed.GetValue(json))
                {
                    output.WriteLine(JsonSerializer.Serialize(tokens, ControlCall.Indented));
                    return;
                }
                PlainTable.Write(output, ["ID", "NAME", "SCOPES", "CREATED", "LAST USED", "STATE"], tokens.Select(t => new[]
                {
                    t.Id, t.Name, string.Join(',', t.Scopes), Rfc3339.Format(t.CreatedAt), t.LastUsedAt is { } used ? Rfc3339.Format(used) : "never", t.RevokedAt is null ? "works" : "revoked",
                }));
            },
            cancel));
        return list;
    }

    private static Command Revoke(ConnectControl connect)
    {
        var id = new Argument<string>("id") { Description = "The token's id, as `tokens list` shows it" };
        var revoke = new Command(
            "revoke",
            """
            Revokes a token for good.

            Examples:
              surveillance tokens revoke 5f0c2a9e77d1b3c4
              surveillance tokens revoke 5f0c2a9e77d1b3c4 --data /srv/surveillance
            """)
        { id };
        revoke.SetAction((parsed, cancel) => ControlCall.RunAsync<object>(
            connect, parsed, HttpMethod.Post, $"/control/tokens/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/revoke", null,
            _ => parsed.InvocationConfiguration.Error.WriteLine("Revoked."), cancel));
        return revoke;
    }
}
