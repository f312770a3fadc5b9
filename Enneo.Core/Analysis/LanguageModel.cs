using System.ClientModel;
using System.ClientModel.Primitives;
using Enneo.Core.Connections;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Enneo.Core.Analysis;

/// <summary>What the model said, and what it cost.</summary>
internal sealed record ModelAnswer(AiOutcome Outcome, string Text, long InputTokens, long OutputTokens, string? Problem = null);

/// <summary>Asks any model behind an OpenAI-compatible endpoint. It gets text and gives text: it has no tools and can do nothing.</summary>
internal sealed class LanguageModel(AiHttp http, IDataProtectionProvider protection)
{
    private const int LongestAnswer = 1200; // tokens
    private const int CharactersPerToken = 4;

    private readonly IDataProtector _keys = protection.CreateProtector("Enneo.Analysis.Key");

    public string Protect(string key) => key.Length == 0 ? "" : _keys.Protect(key);

    /// <param name="instructions">Ours.</param>
    /// <param name="data">What strangers wrote, as JSON: it is read, never followed.</param>
    public async Task<ModelAnswer> AskAsync(AiSettings settings, string instructions, string data, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(settings.TimeoutSeconds));
        var guess = (instructions.Length + data.Length) / CharactersPerToken;
        try
        {
            using var client = ClientFor(settings);
            var response = await client.GetResponseAsync(
                [new(ChatRole.System, instructions), new(ChatRole.User, data)],
                new ChatOptions { ResponseFormat = ChatResponseFormat.Json, MaxOutputTokens = LongestAnswer },
                limit.Token);
            var text = response.Text;
            return new(AiOutcome.Answered, text, response.Usage?.InputTokenCount ?? guess, response.Usage?.OutputTokenCount ?? text.Length / CharactersPerToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(AiOutcome.TimedOut, "", guess, 0);
        }
        catch (ClientResultException exception)
        {
            return new(exception.Status == 0 ? AiOutcome.Unreachable : AiOutcome.Refused, "", 0, 0, ServerWords.Clean(exception.Message));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new(AiOutcome.Unreachable, "", 0, 0, ServerWords.Clean(exception.Message));
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or FormatException or InvalidOperationException or ArgumentException or KeyNotFoundException or NotSupportedException)
        {
            return new(AiOutcome.Unreadable, "", guess, 0, ServerWords.Clean(exception.Message)); // what answers there is no such API
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return new(AiOutcome.Refused, "", 0, 0, AnalysisText.KeyUnreadable);
        }
    }

    private IChatClient ClientFor(AiSettings settings) => new OpenAIClient(
            new ApiKeyCredential(settings.ProtectedKey.Length > 0 ? _keys.Unprotect(settings.ProtectedKey) : "none"),
            new OpenAIClientOptions
            {
                Endpoint = new Uri(settings.Endpoint),
                NetworkTimeout = TimeSpan.FromSeconds(settings.TimeoutSeconds),
                RetryPolicy = new ClientRetryPolicy(0), // whoever asks knows when to ask again
                Transport = new HttpClientPipelineTransport(http.For(settings)),
            })
        .GetChatClient(settings.Model)
        .AsIChatClient();
}
