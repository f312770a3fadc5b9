using System.Collections.Frozen;
using Enneo.Core.Spam.Model.Features;

namespace Enneo.Web.Spam;

/// <summary>What the model saw in a mail beside its words, in words. What nobody would understand has none.</summary>
internal static class SignWords
{
    private static readonly FrozenDictionary<Sign, Func<string>> s_words = new Dictionary<Sign, Func<string>>
    {
        [Sign.OddTransferEncoding] = () => SpamText.SignOddTransferEncoding,
        [Sign.AttachmentEnding] = () => SpamText.SignAttachmentEnding,
        [Sign.MixedScripts] = () => SpamText.SignMixedScripts,
        [Sign.SpacedLetters] = () => SpamText.SignSpacedLetters,
        [Sign.TrackingPixel] = () => SpamText.SignTrackingPixel,
        [Sign.ImageInAddress] = () => SpamText.SignImageInAddress,
        [Sign.HiddenText] = () => SpamText.SignHiddenText,
        [Sign.TinyText] = () => SpamText.SignTinyText,
        [Sign.WhiteText] = () => SpamText.SignWhiteText,
        [Sign.TransparentText] = () => SpamText.SignTransparentText,
        [Sign.OutlookMarkup] = () => SpamText.SignOutlookMarkup,
        [Sign.Script] = () => SpamText.SignScript,
        [Sign.FormField] = () => SpamText.SignFormField,
        [Sign.Frame] = () => SpamText.SignFrame,
        [Sign.Redirect] = () => SpamText.SignRedirect,
        [Sign.Button] = () => SpamText.SignButton,
        [Sign.ImageMap] = () => SpamText.SignImageMap,
        [Sign.EmbeddedObject] = () => SpamText.SignEmbeddedObject,
        [Sign.LongComment] = () => SpamText.SignLongComment,
        [Sign.LinkedPicture] = () => SpamText.SignLinkedPicture,
        [Sign.LinkShowsOtherHost] = () => SpamText.SignLinkShowsOtherHost,
        [Sign.AddressWithoutName] = () => SpamText.SignAddressWithoutName,
        [Sign.InternationalHost] = () => SpamText.SignInternationalHost,
        [Sign.DashedHost] = () => SpamText.SignDashedHost,
        [Sign.DeepHost] = () => SpamText.SignDeepHost,
        [Sign.ScrambledHost] = () => SpamText.SignScrambledHost,
        [Sign.LinkPort] = () => SpamText.SignLinkPort,
        [Sign.LongLink] = () => SpamText.SignLongLink,
        [Sign.PlainHttpLink] = () => SpamText.SignPlainHttpLink,
        [Sign.LinkToSenderDomain] = () => SpamText.SignLinkToSenderDomain,
        [Sign.NoLinkToSenderDomain] = () => SpamText.SignNoLinkToSenderDomain,
        [Sign.LinkCarriesRecipient] = () => SpamText.SignLinkCarriesRecipient,
        [Sign.UnsubscribeLink] = () => SpamText.SignUnsubscribeLink,
        [Sign.MailtoLink] = () => SpamText.SignMailtoLink,
        [Sign.SharedHost] = () => SpamText.SignSharedHost,
        [Sign.NoSender] = () => SpamText.SignNoSender,
        [Sign.NoSenderName] = () => SpamText.SignNoSenderName,
        [Sign.NameIsOtherAddress] = () => SpamText.SignNameIsOtherAddress,
        [Sign.NameInDomain] = () => SpamText.SignNameInDomain,
        [Sign.NameNotInDomain] = () => SpamText.SignNameNotInDomain,
        [Sign.FreeMailSender] = () => SpamText.SignFreeMailSender,
        [Sign.ReplyToSameDomain] = () => SpamText.SignReplyToSameDomain,
        [Sign.ReplyToOtherDomain] = () => SpamText.SignReplyToOtherDomain,
        [Sign.ReplyToFreeMail] = () => SpamText.SignReplyToFreeMail,
        [Sign.ScrambledSender] = () => SpamText.SignScrambledSender,
        [Sign.DigitsInSender] = () => SpamText.SignDigitsInSender,
        [Sign.SenderNamedInText] = () => SpamText.SignSenderNamedInText,
        [Sign.ManySenders] = () => SpamText.SignManySenders,
        [Sign.NameIsRecipient] = () => SpamText.SignNameIsRecipient,
        [Sign.NoSubject] = () => SpamText.SignNoSubject,
        [Sign.SubjectReply] = () => SpamText.SignSubjectReply,
        [Sign.SubjectForward] = () => SpamText.SignSubjectForward,
        [Sign.SubjectEmoji] = () => SpamText.SignSubjectEmoji,
        [Sign.SubjectExclamation] = () => SpamText.SignSubjectExclamation,
        [Sign.SubjectMoney] = () => SpamText.SignSubjectMoney,
        [Sign.SubjectNumber] = () => SpamText.SignSubjectNumber,
        [Sign.SubjectNamesRecipient] = () => SpamText.SignSubjectNamesRecipient,
        [Sign.SubjectQuestion] = () => SpamText.SignSubjectQuestion,
        [Sign.ToIsSender] = () => SpamText.SignToIsSender,
        [Sign.SubjectUnderscore] = () => SpamText.SignSubjectUnderscore,
        [Sign.SubjectDamaged] = () => SpamText.SignSubjectDamaged,
    }.ToFrozenDictionary();

    /// <returns>A format of up to two arguments; null where there are no words for it.</returns>
    public static string? Find(Sign sign) => s_words.TryGetValue(sign, out var words) ? words() : null;
}
