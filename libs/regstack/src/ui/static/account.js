/// <reference lib="dom" />
'use strict';
// Comfort only: every page works without it. What it adds it makes itself; it keeps nothing, sends nothing, and leaves the URL alone.
(() => {
  const texts = document.currentScript?.dataset ?? {};
  const language = document.documentElement.lang;

  /**
   * @template {Element} E
   * @param {string} selector
   * @param {new () => E} type
   * @returns {E[]}
   */
  function all(selector, type) {
    const found = Array.from(document.querySelectorAll(selector));
    return found.flatMap((one) => (one instanceof type ? [one] : []));
  }

  /** @param {string} text */
  function newButton(text) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = text;
    return button;
  }

  /** A place whose text is read out when it changes. */
  function newStatus() {
    const status = document.createElement('p');
    status.className = 'strength';
    status.setAttribute('role', 'status');
    return status;
  }

  const EYE =
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12Z"/>' +
    '<circle cx="12" cy="12" r="2.75"/><path class="slash" d="m4 20 16-16"/></svg>';

  /**
   * A button that shows what is typed; it is hidden again before it is sent.
   * @param {HTMLInputElement} input
   */
  function addReveal(input) {
    const button = newButton('');
    button.innerHTML = EYE;
    button.setAttribute('aria-label', texts['show'] ?? '');
    const frame = document.createElement('div');
    frame.className = 'reveal';
    input.replaceWith(frame);
    frame.append(input, button);
    /** @param {boolean} isShown */
    const show = (isShown) => {
      input.type = isShown ? 'text' : 'password';
      button.setAttribute('aria-pressed', String(isShown));
    };
    button.addEventListener('click', () => show(input.type === 'password'));
    input.form?.addEventListener('submit', () => show(false));
    show(false);
  }

  /**
   * Says how much is missing of a new password. Its length is all that can be said here; whether it is a common one, the server knows.
   * @param {HTMLInputElement} input
   */
  function addStrength(input) {
    const least = Number(input.dataset['password']);
    if (!least) return;
    const status = newStatus();
    input.closest('.field')?.append(status);
    let pause = setTimeout(() => {});
    input.addEventListener('input', () => {
      clearTimeout(pause);
      const missing = least - Array.from(input.value).length;
      const text = missing > 0 ? texts['tooShort'] : texts['longEnough'];
      const say = () => (status.textContent = (input.value && text?.replace('{count}', `${missing}`)) ?? '');
      pause = setTimeout(say, 400);
    });
  }

  /** @param {HTMLElement} list */
  function addCopy(list) {
    if (!navigator.clipboard) return;
    const [button, status] = [newButton(texts['copy'] ?? ''), newStatus()];
    button.className = 'secondary';
    const copy = async () => {
      const codes = [...list.children].map((code) => code.textContent?.trim());
      await navigator.clipboard.writeText(codes.join('\n'));
      status.textContent = texts['copied'] ?? '';
    };
    button.addEventListener('click', () => void copy());
    list.after(button, status);
  }

  /** @param {number} seconds */
  function inWords(seconds) {
    const [unit, size] = seconds >= 7200 ? ['hour', 3600] : seconds >= 120 ? ['minute', 60] : ['second', 1];
    const format = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' });
    return format.format(Math.ceil(seconds / size));
  }

  /**
   * How long there is still to wait. Not read out: it would interrupt every second.
   * @param {HTMLTimeElement} time
   */
  function countDown(time) {
    const end = Date.now() + Number(time.dataset['countdown']) * 1000;
    const timer = setInterval(() => {
      const seconds = Math.ceil((end - Date.now()) / 1000);
      time.textContent = inWords(Math.max(seconds, 0));
      if (seconds > 0) return;
      clearInterval(timer);
      time.parentElement?.replaceChildren(texts['over'] ?? '');
    }, 1000);
  }

  /**
   * An instant on the clock of who reads it.
   * @param {HTMLTimeElement} time
   */
  function localize(time) {
    const instant = new Date(time.dateTime);
    if (Number.isNaN(instant.getTime())) return;
    time.textContent = instant.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
  }

  /**
   * A form is sent once, however often its button is pressed, until its page is seen again.
   * @param {HTMLFormElement} form
   */
  function guard(form) {
    /** @param {boolean} isSent */
    const mark = (isSent) => {
      form.toggleAttribute('data-sent', isSent);
      for (const button of form.querySelectorAll('button')) button.ariaDisabled = isSent ? 'true' : null;
    };
    form.addEventListener('submit', (event) => {
      if (form.hasAttribute('data-sent')) return event.preventDefault();
      mark(true);
      setTimeout(() => mark(false), 10_000);
    });
    addEventListener('pageshow', () => mark(false));
  }

  for (const input of all('input[data-password]', HTMLInputElement)) addReveal(input);
  for (const input of all('input[data-password]', HTMLInputElement)) addStrength(input);
  for (const list of all('.codes', HTMLElement)) addCopy(list);
  for (const time of all('time[data-countdown]', HTMLTimeElement)) countDown(time);
  for (const time of all('time[datetime]:not([data-countdown])', HTMLTimeElement)) localize(time);
  for (const form of all('form[method="post"]', HTMLFormElement)) guard(form);
})();
