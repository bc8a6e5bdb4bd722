using System.Reflection;
using System.Reflection.Emit;

namespace Surveillance.Tests;

/// <summary>Reads from a compiled type which types it uses.</summary>
public static class TypeUses
{
    /// <summary>Every type that a type names: its base, interfaces, fields, signatures, and what its bodies call, hold or catch.</summary>
    /// <param name="type">The type.</param>
    public static IEnumerable<Type> Of(Type type)
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
                used.AddRange(body.ExceptionHandlingClauses.Where(c => c.Flags == ExceptionHandlingClauseOptions.Clause).Select(c => c.CatchType));
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
