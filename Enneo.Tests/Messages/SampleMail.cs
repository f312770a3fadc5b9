namespace Enneo.Tests.Messages;

/// <summary>Mails of our own writing, each named after what is odd about it.</summary>
internal static class SampleMail
{
    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Mail", name + ".eml"));

    public static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Mail"), "*.eml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);
}
