namespace Surveillance.Tests;

/// <summary>Samples of others that are not part of the repository: the folder that <c>SURVEILLANCE_DATA</c> names, else <c>../shared/data</c> beside the repository.</summary>
public static class SampleData
{
    /// <summary>The full path of a folder of samples, or null when this machine has none.</summary>
    public static string? Folder(string name)
    {
        var root = Environment.GetEnvironmentVariable("SURVEILLANCE_DATA") is { Length: > 0 } given ? given : BesideRepository();
        return root is not null && Directory.Exists(Path.Combine(root, name)) ? Path.Combine(root, name) : null;
    }

    private static string? BesideRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Surveillance.sln")))
            {
                return folder.Parent is { } parent ? Path.Combine(parent.FullName, "shared", "data") : null;
            }
        }
        return null;
    }
}
