namespace Surveillance.Dashboard;

/// <summary>How a host is started. What is null is looked up in settings, then by convention.</summary>
public sealed record HostSettings
{
    /// <summary>Addresses to listen on, parted by <c>;</c>. Null: the setting <c>Urls</c>, else <c>http://localhost:5080</c>.</summary>
    public string? Urls { get; init; }

    /// <summary>The data folder. Null: the setting <c>Data</c>, else <c>$XDG_DATA_HOME/surveillance</c> or <c>~/.local/share/surveillance</c>.</summary>
    public string? Data { get; init; }

    /// <summary>The folder of rules. Null: the setting <c>Rules</c>, else <c>./rules</c>, else the one beside the executable.</summary>
    public string? Rules { get; init; }

    /// <summary>The folder of models. Null: the setting <c>Models</c>, else <c>./models</c>, else the one beside the executable.</summary>
    public string? Models { get; init; }

    /// <summary>Whether to stream the demo into a folder of its own.</summary>
    public bool Demo { get; init; }

    /// <summary>Demo messages a second, more than 0.</summary>
    public double DemoRate { get; init; } = 5;

    /// <summary>Whether to listen on the control socket alone, for one command.</summary>
    public bool ControlOnly { get; init; }

    /// <summary>Whether the pipeline and the jobs run though <see cref="ControlOnly"/> is set, for a command that waits for a job.</summary>
    public bool WithJobs { get; init; }

    /// <summary>Whether a data folder that is not there is refused, not made.</summary>
    public bool DataMustExist { get; init; }

    /// <summary>What the process does, for whoever finds the data folder in use.</summary>
    public string Purpose { get; init; } = "serve";

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The most pages of the archive's file, for drills of a full disk. Null: the setting <c>Archive:MaxPages</c>, else no limit.</summary>
    public long? ArchiveMaxPages { get; init; }

    /// <summary>Further settings that win over files and the environment.</summary>
    public IReadOnlyDictionary<string, string?> Overrides { get; init; } = new Dictionary<string, string?>();
}

/// <summary>An address to listen on cannot be used.</summary>
/// <param name="message">Which one and why.</param>
public sealed class AddressException(string message) : Exception(message);

/// <summary>A setting cannot be used.</summary>
/// <param name="name">The setting, such as <c>Rescan:OnActivation</c>, or the file of settings.</param>
/// <param name="problem">What is wrong with it and what to write instead, continuing "the setting NAME …".</param>
public sealed class SettingException(string name, string problem) : Exception($"{(name.EndsWith(".json", StringComparison.Ordinal) ? "the file" : "the setting")} {name} {problem}");

/// <summary>Where a host finds its folders.</summary>
/// <param name="Data">The data folder.</param>
/// <param name="Rules">The folder of rules.</param>
/// <param name="Models">The folder of models.</param>
public sealed record HostFolders(string Data, string Rules, string Models)
{
    /// <summary>Looks the folders up.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="configuration">Files and environment, or null for none.</param>
    public static HostFolders Find(HostSettings settings, IConfiguration? configuration = null)
    {
        var data = settings.Data ?? (settings.Demo ? null : configuration?["Data"]) ?? Path.Combine(DataHome(), settings.Demo ? "surveillance-demo" : "surveillance");
        return new HostFolders(Path.GetFullPath(data), Beside("rules", settings.Rules ?? configuration?["Rules"]), Beside("models", settings.Models ?? configuration?["Models"]));
    }

    /// <summary>A folder that comes with the program: as asked for, else in the current folder, else beside the executable.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="asked">What was asked for, or null.</param>
    public static string Beside(string name, string? asked) =>
        asked is not null ? Path.GetFullPath(asked) : Directory.Exists(name) ? Path.GetFullPath(name) : Path.Combine(AppContext.BaseDirectory, name);

    private static string DataHome()
    {
        var home = Environment.GetEnvironmentVariable("XDG_DATA_HOME");
        return string.IsNullOrEmpty(home) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".local", "share") : home;
    }
}
