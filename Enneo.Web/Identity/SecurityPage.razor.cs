using Enneo.Core.Identity;
using Enneo.Core.Identity.Factors;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Identity;

/// <summary>Settings → Security: who must have a second step, who has one, and help for those who lost it.</summary>
public sealed partial class SecurityPage(
    Accounts accounts,
    SecondStep secondStep,
    FactorQueries queries,
    Sessions sessions,
    AuthenticationStateProvider authentication,
    NavigationManager navigation) : ComponentBase, IDisposable
{
    private static readonly (SecondStepRequirement Requirement, string Name, string Meaning)[] s_requirements =
    [
        (SecondStepRequirement.Nobody, SecurityText.Nobody, SecurityText.NobodyMeaning),
        (SecondStepRequirement.Admins, SecurityText.Admins, SecurityText.AdminsMeaning),
        (SecondStepRequirement.Everybody, SecurityText.Everybody, SecurityText.EverybodyMeaning),
    ];

    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyDictionary<long, PersonFactors> _factors = new Dictionary<long, PersonFactors>();
    private IReadOnlyList<Person>? _people;
    private SecondStepRequirement _required;
    private SecondStepRequirement _chosen;
    private bool _isSaved;

    /// <summary>Whom the chosen rule asks for what they do not have yet.</summary>
    private IReadOnlyList<Person> WithoutOne =>
        [.. (_people ?? []).Where(person => !_factors[person.Id].HasAny && (_chosen == SecondStepRequirement.Everybody || person.Role == Roles.Admin))];

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _chosen = _required = await secondStep.GetAsync(_closed.Token);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        _factors = await queries.OfAllAsync(_closed.Token);
        _people = [.. (await accounts.ListAsync(_closed.Token)).Where(person => _factors.ContainsKey(person.Id))];
    }

    private async Task SaveAsync()
    {
        if (await Admin.ProvenAsync(authentication, sessions, _closed.Token) is { } actor)
        {
            await secondStep.SetAsync(_chosen, actor, Admin.Origin, _closed.Token);
            (_required, _isSaved) = (_chosen, true);
        }
        else
        {
            navigation.NavigateTo(Urls.ProofFor(Urls.Security), forceLoad: true);
        }
    }
}
