using Enneo.Core.Processing.Steps;

namespace Enneo.Core.Processing;

/// <summary>
/// The way of a mail from its arrival to the agent's eye, behind import and header rules (which are part of the import,
/// so that no list ever shows what they hide): the steps in their order.
/// </summary>
public sealed class ProcessingSteps(ModelStep model, LanguageStep language, TagStep tags, AutomationStep automations, AutoReplyStep replies, AnalysisStep analysis)
{
    public IReadOnlyList<IProcessingStep> InOrder { get; } = [model, language, tags, automations, replies, analysis];

    /// <returns>The step of a name, or the first one for null; null for one that there is no more.</returns>
    internal IProcessingStep? Find(string? name) => name is null ? InOrder[0] : InOrder.FirstOrDefault(step => step.Name == name);

    /// <returns>Null after the last.</returns>
    internal IProcessingStep? After(IProcessingStep step) => InOrder.SkipWhile(other => other != step).Skip(1).FirstOrDefault();
}
