/* The administrator's page around the tool's registration: the tool says when it is done. */
const done = document.getElementById('done');
addEventListener('message', ({ data }) => {
	if (data?.subject === 'org.imsglobal.lti.close')
		location.href = done.href;
});
