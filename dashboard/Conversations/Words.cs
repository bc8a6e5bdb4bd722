using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Surveillance.Dashboard.Conversations;

/// <summary>Shows the pieces of a text. Written out by hand, because blanks count here and Razor's markup would add and drop some; everything goes through the renderer's escaping.</summary>
public sealed class Words : ComponentBase
{
    private const int Colours = 6;

    /// <summary>The pieces in order.</summary>
    [Parameter]
    [EditorRequired]
    public required IReadOnlyList<TextPiece> Pieces { get; set; }

    /// <summary>Whether marks carry the number of their condition, and gaps say how long they are.</summary>
    [Parameter]
    public bool Numbered { get; set; } = true;

    /// <inheritdoc />
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        foreach (var piece in Pieces)
        {
            if (piece.Left > 0)
            {
                builder.OpenElement(0, "span");
                builder.AddAttribute(1, "class", "gap");
                builder.AddContent(2, Numbered ? $" … {piece.Left.ToString("N0", CultureInfo.InvariantCulture)} characters … " : "…");
                builder.CloseElement();
            }
            else if (piece.Marks.Count > 0)
            {
                builder.OpenElement(3, "mark");
                builder.AddAttribute(4, "class", !Numbered ? null : "c" + ((piece.Marks[0].Number - 1) % Colours + 1).ToString(CultureInfo.InvariantCulture));
                builder.AddAttribute(5, "id", piece.Starting.Count > 0 ? piece.Starting[0].Anchor : null);
                builder.AddAttribute(6, "data-cond", Numbered ? Numbers(piece.Marks) : null);
                builder.AddAttribute(7, "data-start", Numbered ? piece.Start.ToString(CultureInfo.InvariantCulture) : null);
                builder.AddAttribute(8, "data-n", Numbered && piece.Ending.Count > 0 ? Numbers(piece.Ending) : null);
                Show(builder, piece);
                builder.CloseElement();
            }
            else
            {
                Show(builder, piece);
            }
        }
    }

    private static void Show(RenderTreeBuilder builder, TextPiece piece)
    {
        if (!piece.IsSign)
        {
            builder.AddContent(9, piece.Text);
            return;
        }
        builder.OpenElement(10, "span");
        builder.AddAttribute(11, "class", "sign");
        builder.AddAttribute(12, "title", piece.CodePoint);
        builder.AddContent(13, piece.Text);
        builder.CloseElement();
    }

    private static string Numbers(IReadOnlyList<Mark> marks) =>
        string.Join(' ', marks.Select(m => m.Number).Distinct().Select(n => n.ToString(CultureInfo.InvariantCulture)));
}
