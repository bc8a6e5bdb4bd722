using System.CommandLine;
using System.Text.Json;
using Surveillance.Accounts;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Accounts;

/// <summary><c>surveillance users add|list|link|role|disable|enable</c>.</summary>
internal static class UsersCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="connect">Connects to the data folder's service.</param>
    /// <param name="shared">Options that every verb takes too, such as <c>--data</c>.</param>
    public static Command Build(ConnectControl connect, params Option[] shared)
    {
        var users = new Command(
            "users",
            """
            People who sign in to the dashboard.

            Examples:
              surveillance users add --name maria --role analyst
              surveillance users list
            """)
        {
            Add(connect), List(connect), Link(connect), Role(connect),
            Switch(connect, "disable", "Shuts a user out and ends the user's sessions.", "Disabled."),
            Switch(connect, "enable", "Lets a disabled user in again.", "Enabled."),
        };
        foreach (var verb in users.Subcommands)
        {
            foreach (var option in shared) { verb.Add(option); }
        }
        return users;
    }

    private static Option<string> NameOption() => new("--name") { Description = "The name to sign in with", Required = true, HelpName = "NAME" };

    private static Option<string> RoleOption() => new("--role") { Description = string.Join(", ", UserRoles.Words), Required = true, HelpName = "ROLE" };

    private static Command Add(ConnectControl connect)
    {
        var name = NameOption();
        var role = RoleOption();
        var add = new Command(
            "add",
            """
            Adds a user and prints a link on standard output that signs the user in once, within 15 minutes.

            Examples:
              surveillance users add --name maria --role analyst
              surveillance users add --name "J. Okafor" --role data-protection-officer
            """)
        { name, role };
        add.SetAction((parsed, cancel) => UnknownRole(parsed, parsed.GetRequiredValue(role)) ?? ControlCall.RunAsync<CreatedLink>(
            connect, parsed, HttpMethod.Post, "/control/users", new NewUserRequest(parsed.GetRequiredValue(name), parsed.GetRequiredValue(role)), Show(parsed), cancel));
        return add;
    }

    private static Command List(ConnectControl connect)
    {
        var json = new Option<bool>("--json") { Description = "One JSON array instead of a table" };
        var list = new Command(
            "list",
            """
            Shows every user, disabled ones too.

            Examples:
              surveillance users list
              surveillance users list --json
            """)
        { json };
        list.SetAction((parsed, cancel) => ControlCall.RunAsync<List<UserLine>>(
            connect, parsed, HttpMethod.Get, "/control/users", null,
            users =>
            {
                var output = parsed.InvocationConfiguration.Output;
                if (parsed.GetValue(json))
                {
                    output.WriteLine(JsonSerializer.Serialize(users, ControlCall.Indented));
                    return;
                }
                PlainTable.Write(output, ["NAME", "ROLE", "ADDED", "LAST SIGN-IN", "PASSWORD", "STATE"], users.Select(u => new[]
                {
                    u.Name, u.Role, Rfc3339.Format(u.CreatedAt), u.LastSignInAt is { } at ? Rfc3339.Format(at) : "never", u.HasPassword ? "set" : "none", u.IsDisabled ? "disabled" : "works",
                }));
            },
            cancel));
        return list;
    }

    private static Command Link(ConnectControl connect)
    {
        var name = NameOption();
        var link = new Command(
            "link",
            """
            Makes another link that signs a user in once, for a forgotten password; earlier links do nothing any more.

            Examples:
              surveillance users link --name maria
              surveillance users link --name admin --data /srv/surveillance
            """)
        { name };
        link.SetAction((parsed, cancel) => ControlCall.RunAsync<CreatedLink>(
            connect, parsed, HttpMethod.Post, "/control/users/link", new UserName(parsed.GetRequiredValue(name)), Show(parsed), cancel));
        return link;
    }

    private static Command Role(ConnectControl connect)
    {
        var name = NameOption();
        var role = RoleOption();
        var change = new Command(
            "role",
            """
            Gives a user another role and ends the user's sessions.

            Examples:
              surveillance users role --name maria --role supervisor
              surveillance users role --name maria --role analyst
            """)
        { name, role };
        change.SetAction((parsed, cancel) => UnknownRole(parsed, parsed.GetRequiredValue(role)) ?? ControlCall.RunAsync<object>(
            connect, parsed, HttpMethod.Post, "/control/users/role", new NewUserRequest(parsed.GetRequiredValue(name), parsed.GetRequiredValue(role)),
            _ => parsed.InvocationConfiguration.Error.WriteLine("Changed."), cancel));
        return change;
    }

    private static Command Switch(ConnectControl connect, string verb, string what, string done)
    {
        var name = NameOption();
        var command = new Command(
            verb,
            $"""
            {what}

            Examples:
              surveillance users {verb} --name maria
              surveillance users {verb} --name maria --data /srv/surveillance
            """)
        { name };
        command.SetAction((parsed, cancel) => ControlCall.RunAsync<object>(
            connect, parsed, HttpMethod.Post, "/control/users/" + verb, new UserName(parsed.GetRequiredValue(name)),
            _ => parsed.InvocationConfiguration.Error.WriteLine(done), cancel));
        return command;
    }

    private static Action<CreatedLink> Show(ParseResult parsed) => made =>
    {
        parsed.InvocationConfiguration.Error.WriteLine($"{made.Name} ({made.Role}) signs in once with this link, until {Rfc3339.Format(made.ExpiresAt)}{(made.Url is null ? "; put it behind the dashboard's address" : "")}:");
        parsed.InvocationConfiguration.Output.WriteLine(made.Url ?? made.Link);
    };

    private static Task<int>? UnknownRole(ParseResult parsed, string role)
    {
        if (UserRoles.TryParse(role, out _))
        {
            return null;
        }
        var near = NearestName.Find(role, UserRoles.Words);
        parsed.InvocationConfiguration.Error.WriteLine(
            $"error: Unknown role \"{role}\"{(near is null ? "." : $"; did you mean `{near}`?")} The roles are {string.Join(", ", UserRoles.Words)}.");
        return Task.FromResult(ControlCall.Usage);
    }
}
