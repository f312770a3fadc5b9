using System.Runtime.CompilerServices;
using System.Text;

namespace Enneo.Tests.Messages;

internal static class Charsets
{
    /// <summary>As the program does when it starts: MimeKit looks once, and a test may be the first to use it.</summary>
    [ModuleInitializer]
    internal static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
}
