using System.Net.Http.Headers;
using System.Reflection;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Identity.ApiKeys;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;

namespace Enneo.Tests.Api;

/// <summary>From the description a client is made by a common tool, as others will: it compiles, and works.</summary>
[Collection(ApiCollection.Name)]
public sealed class GeneratedClientTests(ApiHouse house)
{
    private const string Space = "Generated";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AClientThatIsMadeFromTheDescriptionWorks()
    {
        var client = Compile(await GenerateAsync());
        var made = await house.Get<ApiKeyEditing>().AddServiceAsync(new NewApiKey("Generated", ApiScopes.Read | ApiScopes.Write | ApiScopes.Send | ApiScopes.Admin), Actor.User(house.AdminId), "test", Cancel);
        using HttpClient http = new() { BaseAddress = house.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.Secret);
        var api = Activator.CreateInstance(client.GetType($"{Space}.EnneoClient")!, http)!;

        var request = New(client, "TicketCreateRequest", ("SubchannelId", house.Support), ("From", ApiHouse.Customer), ("Subject", "By a generated client"), ("Body", "Hello"), ("AdditionalProperties", new Dictionary<string, object> { ["brand"] = "blue" }));
        var created = await CallAsync(api, "PostTicketAsync", request);
        var id = Read<long?>(created, "Id")!.Value;
        var read = await CallAsync(api, "GetTicketByIdAsync", id);
        var patched = await CallAsync(api, "PatchTicketByIdAsync", id, New(client, "TicketPatchRequest", ("Subject", "Changed by it")));
        var stored = await CallAsync(api, "PostTicketConversationStoreAsync", id, New(client, "StoreRequest", ("Content", New(client, "ContentRequest", ("Message", "A note")))));
        var listed = await CallAsync(api, "GetTicketConversationAsync", id);
        var missing = await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(api, "GetTicketByIdAsync", 9_999_999L));

        Assert.Contains("brand", Assert.Single(Read<ICollection<string>>(created, "Warnings")), StringComparison.Ordinal);
        Assert.Equal("By a generated client", Read<string>(Read<object>(read, "Ticket"), "Subject"));
        Assert.Equal("Changed by it", Read<string>(Read<object>(patched, "Ticket"), "Subject"));
        Assert.True(Read<bool>(Read<object>(stored, "Conversation"), "Private"));
        Assert.Equal(2, Read<int>(listed, "Total"));
        Assert.Equal(404, Read<int>(missing, "StatusCode"));
    }

    private async Task<string> GenerateAsync()
    {
        var document = await OpenApiDocument.FromJsonAsync((await house.Service.GetAsync("docs/open-api")).Ok().Text, Cancel);
        CSharpClientGeneratorSettings settings = new()
        {
            ClassName = "EnneoClient",
            UseBaseUrl = false,
            GenerateOptionalParameters = true,
            CSharpGeneratorSettings =
            {
                Namespace = Space,
                JsonLibrary = CSharpJsonLibrary.SystemTextJson,
                GenerateNullableReferenceTypes = true,
                GenerateOptionalPropertiesAsNullable = true,
            },
        };
        return new CSharpClientGenerator(document, settings).GenerateFile();
    }

    private static Assembly Compile(string code)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            Space, [CSharpSyntaxTree.ParseText(code, cancellationToken: Cancel)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using MemoryStream bytes = new();
        var result = compilation.Emit(bytes, cancellationToken: Cancel);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(problem => problem.Severity is DiagnosticSeverity.Error).Take(10)));
        return Assembly.Load(bytes.ToArray());
    }

    private static object New(Assembly client, string type, params (string Name, object Value)[] values)
    {
        var made = Activator.CreateInstance(client.GetType($"{Space}.{type}")!)!;
        foreach (var (name, value) in values)
        {
            made.GetType().GetProperty(name)!.SetValue(made, value);
        }

        return made;
    }

    /// <summary>By the name of the method and the first arguments that fit; what is optional stays as it is.</summary>
    private static async Task<object> CallAsync(object api, string method, params object[] given)
    {
        var found = api.GetType().GetMethods().Where(candidate => candidate.Name == method).OrderByDescending(candidate => candidate.GetParameters().Length).First();
        List<object> left = [.. given];
        var arguments = found.GetParameters().Select(parameter => Take(left, parameter)).ToArray();
        Assert.Empty(left);
        var task = (Task)found.Invoke(api, arguments)!;
        try
        {
            await task;
        }
        catch (Exception refused) when (Body(refused) is { } problem && Read<int>(refused, "StatusCode") is 400 or 422)
        {
            Assert.Fail($"{method}: {JsonSerializer.Serialize(problem)}");
        }

        return task.GetType().GetProperty("Result")!.GetValue(task)!;
    }

    private static object? Body(Exception refused) => refused.GetType().GetProperty("Result")?.GetValue(refused);

    private static object? Take(List<object> left, ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        var index = left.FindIndex(type.IsInstanceOfType);
        if (index < 0 || (parameter.HasDefaultValue && type != left[index].GetType()))
        {
            return parameter.HasDefaultValue ? parameter.DefaultValue is DBNull ? null : parameter.DefaultValue : type.IsValueType ? Activator.CreateInstance(type) : null;
        }

        var value = left[index];
        left.RemoveAt(index);
        return value;
    }

    private static T Read<T>(object from, string name) => (T)from.GetType().GetProperty(name)!.GetValue(from)!;
}
