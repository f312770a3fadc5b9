using System.Text.Json;

namespace Enneo.Tests.Inbox;

/// <summary>A row of the exam set <c>xss</c> that runs script or loads something when Chromium shows it raw.</summary>
/// <param name="RunsAtOnce">It ran script as soon as it was loaded, without anybody touching it.</param>
public sealed record XssPayload(string Id, string Html, bool RunsAtOnce)
{
    /// <summary>
    /// Goes into every document before anything else does. Calls that payloads make to show that they run, and errors
    /// that only a running script can cause, are written to the console of whichever window they happen in.
    /// </summary>
    public const string Watch = """
        (() => {
          const fired = what => { window.__fired = (window.__fired ?? 0) + 1; if (window.__fired < 4) console.error('payload ran: ' + what + ' ' + location.pathname); };
          for (const name of ['alert', 'prompt', 'confirm', 'print', 'open']) {
            try { Object.defineProperty(window, name, { configurable: true, writable: true, value: () => { fired(name); return null; } }); } catch { }
          }
          window.addEventListener('error', event => { if (event instanceof ErrorEvent && !event.message.startsWith('ResizeObserver loop')) fired('error ' + event.message); });
        })();
        """;

    /// <summary>Does to a document what a person, or a page that plays one, could do; links that lead outward are only pressed, not followed.</summary>
    public const string Touch = """
        document => {
          const faults = [];
          document.addEventListener('click', event => {
            const link = event.target.closest?.('a[href], area[href]');
            if (link && /^(https?|mailto|tel):$/.test(link.protocol)) event.preventDefault();
          }, true);
          const names = ['click', 'mouseover', 'mouseenter', 'mousemove', 'mousedown', 'mouseup', 'mouseout', 'mouseleave', 'dblclick', 'contextmenu',
            'focus', 'focusin', 'blur', 'keydown', 'keypress', 'keyup', 'input', 'change', 'submit', 'toggle', 'pointerover', 'pointerenter', 'pointerdown',
            'pointermove', 'touchstart', 'wheel', 'scroll', 'copy', 'cut', 'paste', 'dragstart', 'drag', 'drop', 'animationstart', 'animationend',
            'transitionend', 'select', 'beforetoggle', 'load', 'error'];
          for (const element of [...document.querySelectorAll('*')].slice(0, 200)) {
            try {
              if (element.localName === 'script') continue;
              element.focus?.();
              for (const name of names) element.dispatchEvent(new Event(name, { bubbles: false }));
              if (element.localName === 'a' || element.localName === 'area' || element.closest('form')) element.click?.();
            } catch (error) {
              faults.push(String(error));
            }
          }
          return faults;
        }
        """;

    public static async Task<IReadOnlyList<XssPayload>> ReadLiveAsync()
    {
        var folder = await Exams.RequireAsync("xss");
        List<XssPayload> live = [];
        await foreach (var line in File.ReadLinesAsync(Path.Combine(folder, "payloads.jsonl"), TestContext.Current.CancellationToken))
        {
            var row = JsonDocument.Parse(line).RootElement;
            var raw = row.GetProperty("chromium_raw");
            var (script, net) = (raw.GetProperty("script").GetString(), raw.GetProperty("net"));
            if (script is not null || net.ValueKind is JsonValueKind.Array)
            {
                live.Add(new XssPayload(row.GetProperty("id").GetString()!, row.GetProperty("html").GetString()!, script == "load"));
            }
        }

        Assert.True(live.Count > 1000);
        return live;
    }
}
