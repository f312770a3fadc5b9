using Enneo.Core.Spam.Model.Features;

namespace Enneo.Core.Spam.Model.Training;

/// <summary>A mail that somebody judged.</summary>
/// <param name="Source">The collection that it is from: mails of one resemble each other.</param>
internal sealed record TrainingMail(string Path, bool IsSpam, string Source, MailFeatures Features);
