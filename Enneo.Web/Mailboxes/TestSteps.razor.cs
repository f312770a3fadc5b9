using Enneo.Core.Mailboxes;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Mailboxes;

/// <summary>A test as it goes, step by step.</summary>
public sealed partial class TestSteps : ComponentBase
{
    [Parameter, EditorRequired]
    public required string Title { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<TestStep> Steps { get; set; }

    [Parameter]
    public bool Running { get; set; }

    /// <summary>Stands below when the test is over.</summary>
    [Parameter]
    public string? Closing { get; set; }

    /// <summary>The certificate with this fingerprint shall be trusted.</summary>
    [Parameter]
    public EventCallback<string> OnTrust { get; set; }

    private static string Mark(TestStep step) => step.State switch
    {
        StepState.Done => "✓",
        StepState.Failed => "✕",
        _ => "–",
    };

    private static string State(TestStep step) => step.State switch
    {
        StepState.Done => AccountsText.StepDone,
        StepState.Failed => AccountsText.StepFailed,
        _ => AccountsText.StepNotReached,
    };

    private static string Css(TestStep step) => step.State switch
    {
        StepState.Done => "done",
        StepState.Failed => "failed",
        _ => "not-reached",
    };
}
