using Enneo.Core.Spam.Model;

namespace Enneo.Web.Commands;

/// <summary>The files that the commands about spam read.</summary>
internal static class SpamFiles
{
    /// <summary>The model that was named, else the one that comes with the program.</summary>
    public static SpamModel Model(CommandOptions options) =>
        options.Find("--model") is { } file ? SpamModel.Load(File.ReadAllBytes(file)) : SpamModel.Shipped;

    /// <summary>What a person can mend: a file or folder that is not there, or not what it should be.</summary>
    public static bool IsFault(Exception exception) => exception is IOException or UnauthorizedAccessException or InvalidDataException;
}
