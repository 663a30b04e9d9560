/* The dialog for choosing content. The tool is asked only once it is open. */
const picker = document.getElementById('picker');
const frame = picker.querySelector('iframe');
document.getElementById('select').addEventListener('click', () => {
	frame.src = frame.dataset.src;
	picker.showModal();
});
document.getElementById('close').addEventListener('click', () => picker.close());
addEventListener('message', ({ data, origin }) => {
	if (origin === location.origin && data?.subject === 'fjordby.placed')
		location.href = data.to;
});
