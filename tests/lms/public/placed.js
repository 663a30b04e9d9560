/* Tells the page with the dialog that the content is there. */
const { placed, ok } = document.getElementById('main').dataset;
if (ok && parent !== window)
	parent.postMessage({ subject: 'fjordby.placed', to: placed }, location.origin);
