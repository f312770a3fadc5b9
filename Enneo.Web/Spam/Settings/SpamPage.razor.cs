using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Spam.Settings;

/// <summary>Settings → Spam: the stages, whom they leave alone, and how the model does.</summary>
public sealed partial class SpamPage : ComponentBase;
