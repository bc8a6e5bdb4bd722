using System.Reflection;
using System.Reflection.Emit;
using Surveillance.Messages;

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
            .SelectMany(type => Uses(type).Select(used => (Type: type, Used: used, Folder: FolderOf(used))))
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

    private static IEnumerable<Type> Uses(Type type)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var used = new List<Type?> { type.BaseType };
        used.AddRange(type.GetInterfaces());
        used.AddRange(type.GetFields(all).Select(f => f.FieldType));
        foreach (var method in type.GetMethods(all).Cast<MethodBase>().Concat(type.GetConstructors(all)))
        {
            used.AddRange(method.GetParameters().Select(p => p.ParameterType));
            used.Add((method as MethodInfo)?.ReturnType);
            if (method.GetMethodBody() is { } body)
            {
                used.AddRange(body.LocalVariables.Select(l => l.LocalType));
                used.AddRange(Tokens(method, body));
            }
        }
        return used.OfType<Type>().SelectMany(Parts);
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()) : [type];

    /// <summary>The types whose members a body's instructions name.</summary>
    private static IEnumerable<Type?> Tokens(MethodBase method, MethodBody body)
    {
        var code = body.GetILAsByteArray()!;
        var types = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var arguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var i = 0; i < code.Length;)
        {
            var opcode = code[i] == 0xFE ? TwoBytes[code[i + 1]] : OneByte[code[i]];
            i += opcode.Size;
            if (opcode.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                var member = method.Module.ResolveMember(BitConverter.ToInt32(code, i), types, arguments);
                yield return member as Type ?? member?.DeclaringType;
            }
            i += opcode.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, i),
                _ => 4,
            };
        }
    }

    private static readonly OpCode[] OneByte = Table(two: false);
    private static readonly OpCode[] TwoBytes = Table(two: true);

    private static OpCode[] Table(bool two)
    {
        var table = new OpCode[256];
        foreach (var opcode in typeof(OpCodes).GetFields().Select(f => (OpCode)f.GetValue(null)!).Where(o => o.Size == 2 == two))
        {
            table[(byte)opcode.Value] = opcode;
        }
        return table;
    }
}
