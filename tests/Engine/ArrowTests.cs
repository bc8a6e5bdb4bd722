using Surveillance.Messages;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests;

/// <summary>Which folder of the engine may use which. A new arrow is a design decision: add it here with a record in docs/decisions.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Messages"] = [],
        ["Text"] = [],
        ["Audit"] = [],
        ["Consent"] = ["Messages", "Audit"],
        ["Capture"] = ["Messages", "Text", "Consent"],
        ["Archive"] = ["Messages", "Text"],
        ["Detection"] = ["Messages", "Text"],
        ["Rules"] = ["Messages", "Text", "Consent", "Detection"],
        ["Evaluation"] = ["Messages", "Text", "Consent", "Detection", "Rules"],
        ["Alerting"] = ["Messages", "Text", "Consent", "Detection", "Rules", "Evaluation", "Audit"],
        ["Review"] = ["Messages", "Archive", "Alerting", "Audit"],
        ["Jobs"] = ["Audit"],
        ["Rescan"] = ["Messages", "Archive", "Rules", "Evaluation", "Alerting", "Jobs", "Audit"],
        ["Health"] = ["Messages", "Archive", "Rules", "Alerting"],
        ["Accounts"] = ["Audit", "Messages"],
        ["Backups"] = ["Audit"],
        ["Pipeline"] = ["Messages", "Text", "Audit", "Consent", "Capture", "Archive", "Detection", "Rules", "Evaluation", "Alerting", "Review", "Jobs", "Rescan"],
        ["Storage"] = ["Messages", "Audit", "Consent", "Archive", "Alerting", "Review", "Accounts", "Jobs", "Rescan", "Health", "Pipeline", "Backups"],
    };

    public static TheoryData<string> Folders => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Folder_Uses_OnlyWhatItMay(string folder)
    {
        var wrong = Types().Where(t => FolderOf(t) == folder)
            .SelectMany(type => TypeUses.Of(type).Select(used => (Type: type, Used: used, Folder: FolderOf(used))))
            .Where(use => use.Folder is { } other && other != folder && !Allowed[folder].Contains(other))
            .Select(use => $"{use.Type.FullName} uses {use.Used.FullName}")
            .Distinct().Order(StringComparer.Ordinal).ToArray();
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Types_All_LieInAFolderOfTheTable() =>
        Assert.Empty(Types().Where(t => FolderOf(t) is not { } folder || !Allowed.ContainsKey(folder)).Select(t => t.FullName));

    private static IEnumerable<Type> Types() => typeof(CapturedMessage).Assembly.GetTypes().Where(t => t.Namespace?.StartsWith("Surveillance.", StringComparison.Ordinal) == true);

    private static string? FolderOf(Type type)
    {
        var space = (type.DeclaringType ?? type).Namespace;
        return type.Assembly == typeof(CapturedMessage).Assembly && space?.StartsWith("Surveillance.", StringComparison.Ordinal) == true ? space.Split('.')[1] : null;
    }
}
