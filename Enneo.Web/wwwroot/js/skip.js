// The skip link moves the focus itself: followed as a link it would be a navigation of the router,
// after which the focus is the router's to place.
document.addEventListener('click', event => {
  const main = document.getElementById('main');
  if (main && event.target instanceof Element && event.target.closest('a.skip')) {
    event.preventDefault();
    main.focus();
  }
}, { capture: true });
