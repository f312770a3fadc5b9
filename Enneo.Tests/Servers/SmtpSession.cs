using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Enneo.Tests.Servers;

/// <summary>One conversation with an <see cref="SmtpSink"/> (RFC 5321).</summary>
internal sealed class SmtpSession
{
    private readonly SmtpSink _sink;
    private readonly TcpClient _client;
    private readonly CancellationToken _cancellationToken;
    private Stream _stream;
    private CrlfReader _reader;
    private string? _signedInAs;
    private string? _sender;
    private readonly List<string> _recipients = [];
    private bool _over;

    private SmtpSession(SmtpSink sink, TcpClient client, CancellationToken cancellationToken)
    {
        _sink = sink;
        _client = client;
        _cancellationToken = cancellationToken;
        _stream = client.GetStream();
        _reader = new CrlfReader(_stream);
    }

    private bool Encrypted => _stream is SslStream;

    public static async Task RunAsync(SmtpSink sink, TcpClient client, CancellationToken cancellationToken)
    {
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await new SmtpSession(sink, client, cancellationToken).TalkAsync();
            }
            catch (Exception e) when (e is IOException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
            {
                // The other side is gone, did not like the certificate, or the test is over.
            }
        }
    }

    private async Task TalkAsync()
    {
        if (_sink.ImplicitTls)
        {
            await EncryptAsync();
        }

        await AnswerAsync(SmtpStage.Connect, "220 localhost ESMTP sink");
        while (!_over && await _reader.ReadLineAsync(_cancellationToken) is { } line)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var verb = (space < 0 ? line : line[..space]).ToUpperInvariant();
            await ObeyAsync(verb, space < 0 ? "" : line[(space + 1)..]);
        }
    }

    private Task ObeyAsync(string verb, string argument) => verb switch
    {
        "EHLO" => AnswerAsync(SmtpStage.Hello, Greeting()),
        "HELO" => AnswerAsync(SmtpStage.Hello, "250 localhost"),
        "STARTTLS" when _sink.OfferStartTls && !Encrypted => StartTlsAsync(),
        "AUTH" when _sink.User is not null => AuthenticateAsync(argument),
        "MAIL" => SenderAsync(argument),
        "RCPT" => RecipientAsync(argument),
        "DATA" => DataAsync(),
        "RSET" => ResetAsync(),
        "NOOP" => WriteAsync("250 2.0.0 OK"),
        "QUIT" => QuitAsync(),
        _ => WriteAsync("500 5.5.1 unknown command"),
    };

    private string Greeting()
    {
        List<string> lines = ["localhost", "PIPELINING", "ENHANCEDSTATUSCODES"];
        AddIf(_sink.MaximumSize is not null, string.Create(CultureInfo.InvariantCulture, $"SIZE {_sink.MaximumSize}"));
        AddIf(_sink.OfferEightBitMime, "8BITMIME");
        AddIf(_sink.OfferInternationalAddresses, "SMTPUTF8");
        AddIf(_sink.OfferStartTls && !Encrypted, "STARTTLS");
        AddIf(_sink.User is not null && (Encrypted || !_sink.OfferStartTls), $"AUTH {_sink.Mechanisms}");
        return string.Join("\r\n", lines.Select((line, i) => $"250{(i < lines.Count - 1 ? '-' : ' ')}{line}"));

        void AddIf(bool offered, string line)
        {
            if (offered)
            {
                lines.Add(line);
            }
        }
    }

    private async Task StartTlsAsync()
    {
        await WriteAsync("220 2.0.0 ready");
        await EncryptAsync();
        _signedInAs = null;
    }

    private async Task EncryptAsync()
    {
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _sink.Certificate.Certificate }, _cancellationToken);
        _stream = tls;
        // What came in clear behind STARTTLS is thrown away (RFC 3207).
        _reader = new CrlfReader(tls);
    }

    private async Task AuthenticateAsync(string argument)
    {
        if (_sink.SignInRefusal is { } refusal)
        {
            await WriteAsync(refusal);
            return;
        }

        var words = argument.Split(' ');
        if (words[0].Equals("XOAUTH2", StringComparison.OrdinalIgnoreCase) && _sink.Mechanisms.Contains("XOAUTH2", StringComparison.Ordinal))
        {
            _ = words.Length > 1 ? words[1] : await AskAsync("");
            _signedInAs = _sink.User;
            await AnswerAsync(SmtpStage.Authentication, "235 2.7.0 signed in");
            return;
        }

        var given = words[0].ToUpperInvariant() switch
        {
            "PLAIN" => (words.Length > 1 ? Decode(words[1]) : await AskAsync("")).Split('\0') is [_, var user, var password] ? (user, password) : default,
            "LOGIN" => (words.Length > 1 ? Decode(words[1]) : await AskAsync("Username:"), await AskAsync("Password:")),
            _ => default((string User, string Password)),
        };
        _sink.PasswordsInClear += Encrypted ? 0 : 1;
        if (given == (_sink.User, _sink.Password))
        {
            _signedInAs = _sink.User;
            await AnswerAsync(SmtpStage.Authentication, "235 2.7.0 signed in");
        }
        else
        {
            await WriteAsync("535 5.7.8 user or password wrong");
        }
    }

    private async Task<string> AskAsync(string prompt)
    {
        await WriteAsync($"334 {Convert.ToBase64String(Encoding.ASCII.GetBytes(prompt))}");
        return Decode(await _reader.ReadLineAsync(_cancellationToken) ?? "");
    }

    private static string Decode(string text) => Encoding.UTF8.GetString(Convert.FromBase64String(text));

    private async Task SenderAsync(string argument)
    {
        var size = argument.Split(' ').FirstOrDefault(word => word.StartsWith("SIZE=", StringComparison.OrdinalIgnoreCase));
        if (_sink.User is not null && _signedInAs is null)
        {
            await WriteAsync("530 5.7.0 sign in first");
        }
        else if (size is not null && long.Parse(size[5..], CultureInfo.InvariantCulture) > (_sink.MaximumSize ?? long.MaxValue))
        {
            await WriteAsync("552 5.3.4 message too big");
        }
        else if (await AnswerAsync(SmtpStage.Sender, "250 2.1.0 OK"))
        {
            _sender = Address(argument);
            _recipients.Clear();
        }
    }

    private async Task RecipientAsync(string argument)
    {
        var recipient = Address(argument);
        if (_sender is null)
        {
            await WriteAsync("503 5.5.1 MAIL first");
        }
        else if (await AnswerAsync(SmtpStage.Recipient, "250 2.1.5 OK", recipient))
        {
            _recipients.Add(recipient);
        }
    }

    private static string Address(string argument) =>
        argument[(argument.IndexOf('<', StringComparison.Ordinal) + 1)..argument.LastIndexOf('>')];

    private async Task DataAsync()
    {
        if (_sender is null || _recipients.Count == 0)
        {
            await WriteAsync("503 5.5.1 no recipients");
            return;
        }

        if (!await AnswerAsync(SmtpStage.Data, "354 go on"))
        {
            return;
        }

        var source = new MemoryStream();
        while (await _reader.ReadBytesAsync(_cancellationToken) is { } line)
        {
            if (line is [(byte)'.'])
            {
                await DotAsync(new ReceivedMail(_sender, [.. _recipients], source.ToArray(), _signedInAs, Encrypted));
                return;
            }

            source.Write(line is [(byte)'.', ..] ? line.AsSpan(1) : line);
            source.Write("\r\n"u8);
        }
    }

    private async Task DotAsync(ReceivedMail mail)
    {
        _sender = null;
        var behaviour = _sink.Faults.TakeAfterDot();
        if (behaviour == AfterDot.HangUp)
        {
            _over = true;
            return;
        }

        if (mail.Source.Length > (_sink.MaximumSize ?? long.MaxValue))
        {
            await WriteAsync("552 5.3.4 message too big");
            return;
        }

        if (_sink.Faults.Takes(SmtpStage.Dot, null, out var refusal))
        {
            await WriteAsync(refusal);
            return;
        }

        (mail, var words) = _sink.Ids.Apply(mail);
        await _sink.TakeAsync(mail, _cancellationToken);
        await (_sink.Faults.BeforeAnswer?.Invoke(mail) ?? Task.CompletedTask);
        await Task.Delay(_sink.Faults.DotDelay, TimeProvider.System, _cancellationToken);
        _over = behaviour != AfterDot.Answer;
        if (behaviour != AfterDot.AcceptAndHangUp)
        {
            await WriteAsync($"250 {words}");
        }

        if (behaviour == AfterDot.AnswerAndReset)
        {
            // The answer must be read before the reset throws it away.
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, _cancellationToken);
            _client.Client.LingerState = new LingerOption(true, 0);
            _client.Client.Close();
        }
    }

    private Task ResetAsync()
    {
        _sender = null;
        _recipients.Clear();
        return WriteAsync("250 2.0.0 OK");
    }

    private async Task QuitAsync()
    {
        await WriteAsync("221 2.0.0 bye");
        _over = true;
    }

    /// <returns>Whether the usual answer was given.</returns>
    private async Task<bool> AnswerAsync(SmtpStage stage, string usual, string? recipient = null)
    {
        var disturbed = _sink.Faults.Takes(stage, recipient, out var answer);
        await WriteAsync(answer ?? usual);
        return !disturbed;
    }

    private async Task WriteAsync(string answer)
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(answer + "\r\n"), _cancellationToken);
        await _stream.FlushAsync(_cancellationToken);
        _over |= answer.StartsWith("421", StringComparison.Ordinal);
    }
}
