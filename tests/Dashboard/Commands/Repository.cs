namespace Surveillance.Dashboard.Tests.Commands;

/// <summary>Files of the repository that are not copied beside the program.</summary>
internal static class Repository
{
    /// <summary>The full path of a file or folder, from the folder of the solution.</summary>
    public static string File(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "Surveillance.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }
        return Path.Combine(folder.FullName, path);
    }
}
